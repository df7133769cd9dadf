import type { Node } from "../../sql/parse.ts";
import { functionCalls } from "../expressions.ts";
import type { Rule, Hit } from "../rule.ts";
import type { Scope } from "../scope.ts";
import type { StatementView } from "../statement-view.ts";
import { isDefinition } from "../writes.ts";

export const sessionState: Rule = {
  id: "T06",
  name: "session-state",
  group: "transactions",
  severity: "warning",
  detects:
    "SET ROLE, session advisory locks, LISTEN, PREPARE, DISCARD, ALTER SYSTEM and settings of roles or databases",
  why: "It outlives the migration: behind a pooler, another client goes on with it.",
  rewrite: "SET LOCAL, pg_advisory_xact_lock, or nothing at all.",
  check: ({ node, classification }, scope) => [
    ...lasting(classification, scope),
    ...locks(node),
    ...stored(node),
  ],
};

const GRAVE = new Set(["role", "session_authorization", "listen", "prepared_statement", "everything"]);

function lasting(
  { sessionState: state, command }: StatementView["classification"],
  { isDump }: Scope,
): readonly Hit[] {
  if (state === undefined || command === "LOAD") return [];
  const object = state.name ?? command;
  const lasts = state.scope === "session";
  // RESET, DEALLOCATE and their like clean up.
  if (lasts && GRAVE.has(state.what) && !/^(?:RESET|DEALLOCATE|UNLISTEN)/.test(command))
    return [{ object: state.what.replace("_", " ") }];
  if (lasts && state.what === "transaction") return [{ object: "session characteristics" }];
  if (lasts && object === "search_path" && !isDump)
    return [
      { object, why: "Names after it, and of whoever uses the connection next, are looked up elsewhere." },
    ];
  return lasts && state.what === "setting"
    ? [{ object, severity: "info", why: "The setting holds for the statements after it too." }]
    : [];
}

function locks(node: Node): readonly Hit[] {
  if (isDefinition(node)) return [];
  return functionCalls(node)
    .filter(
      ({ schema, name }) => schema === undefined && /^pg_(?:try_)?advisory_lock(?:_shared)?$/.test(name),
    )
    .map(({ name }) => ({ object: name }));
}

/** A setting of the server, of all roles, or of the API's own role. */
function stored(node: Node): readonly Hit[] {
  if ("AlterSystemStmt" in node)
    return [
      {
        object: node.AlterSystemStmt.setstmt?.name ?? "",
        why: "It changes the whole server, and is not undone by a rollback.",
      },
    ];
  const setting =
    "AlterDatabaseSetStmt" in node
      ? (node.AlterDatabaseSetStmt.setstmt?.name ?? "")
      : "AlterRoleSetStmt" in node && node.AlterRoleSetStmt.role === undefined
        ? (node.AlterRoleSetStmt.setstmt?.name ?? "")
        : undefined;
  if (setting === undefined) return [];
  const why = "Every new session begins with it.";
  return [{ object: setting, why, ...(SWEEPING.has(setting) ? {} : { severity: "info" as const }) }];
}

/** Settings that decide what a statement means, or whether it may write. */
const SWEEPING = new Set([
  "search_path",
  "role",
  "session_replication_role",
  "default_transaction_read_only",
  "standard_conforming_strings",
]);
