import type { Node } from "../../sql/parse.ts";
import { textsIn } from "../expressions.ts";
import { optionsOf, optionText } from "../options.ts";
import type { Rule } from "../rule.ts";

/** Shapes of keys as their issuers document them, and addresses with a password. */
const SECRETS: readonly RegExp[] = [
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  /\bpostgres(?:ql)?:\/\/[^\s:@/']+:[^\s@/']+@/i,
  /\b(?:sk|rk)_live_[A-Za-z0-9]{10,}/,
  /\bsb_secret_[A-Za-z0-9_-]{10,}/,
  /\bsbp_[a-f0-9]{20,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bpassword\s*=\s*[^\s'")]+/i,
];

export const secretInSql: Rule = {
  id: "S22",
  name: "secret-in-sql",
  group: "security",
  severity: "error",
  detects: "A password, key or connection string in the SQL",
  why: "It stays in the repository, in the history table and in the server's log.",
  rewrite: "Set it by hand or from the vault, and give out a new one in place of what was written here.",
  check: ({ node, place }) => {
    if (hasPassword(node)) return [{ object: "password" }];
    const texts = "CommentStmt" in node ? [node.CommentStmt.comment ?? ""] : textsIn(node);
    if (place !== "file" || !texts.some(looksSecret)) return [];
    return [{ object: "key" }];
  },
};

function looksSecret(text: string): boolean {
  return text.length > 12 && SECRETS.some((pattern) => pattern.test(text));
}

/** CREATE ROLE … PASSWORD, and the password options of servers, user mappings and subscriptions. */
function hasPassword(node: Node): boolean {
  const options =
    "CreateRoleStmt" in node
      ? node.CreateRoleStmt.options
      : "AlterRoleStmt" in node
        ? node.AlterRoleStmt.options
        : "CreateUserMappingStmt" in node
          ? node.CreateUserMappingStmt.options
          : "AlterUserMappingStmt" in node
            ? node.AlterUserMappingStmt.options
            : "CreateForeignServerStmt" in node
              ? node.CreateForeignServerStmt.options
              : undefined;
  const given = optionsOf(options).some(
    ({ name, value }) => /^(?:password|api_key|secret\w*)$/i.test(name) && (optionText(value) ?? "") !== "",
  );
  if (given) return true;
  const connection =
    "CreateSubscriptionStmt" in node
      ? node.CreateSubscriptionStmt.conninfo
      : "AlterSubscriptionStmt" in node
        ? node.AlterSubscriptionStmt.conninfo
        : undefined;
  return /\bpassword\s*=|:\/\/[^:@/]+:[^@/]+@/i.test(connection ?? "");
}
