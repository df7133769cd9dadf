import type { Node } from "../../sql/parse.ts";
import { alterCommandsOf } from "../alter-table.ts";
import { granteesOf } from "../grants.ts";
import { show, nameOfRange, partsOfObject } from "../names.ts";
import type { Rule } from "../rule.ts";

export const ownerChange: Rule = {
  id: "S19",
  name: "owner-change",
  group: "security",
  severity: "warning",
  detects: "OWNER TO another role than postgres, and REASSIGN OWNED",
  why: "The owner passes by row level security, and whoever applies the next migration may no longer change the object.",
  rewrite: "Let postgres own it, and grant what the role needs.",
  check: ({ node }) => {
    const owners = ownersIn(node).filter(({ owner }) => owner !== "postgres" && owner !== "");
    return owners.map(({ object, owner }) =>
      /^(?:anon|authenticated|authenticator|public)$/.test(owner)
        ? { object, severity: "error" }
        : { object },
    );
  },
};

function ownersIn(node: Node): readonly { readonly object: string; readonly owner: string }[] {
  const roleOf = (role: { readonly rolename?: string; readonly roletype?: string } | undefined) =>
    role?.roletype === "ROLESPEC_CSTRING" ? (role.rolename ?? "") : "";
  if ("AlterOwnerStmt" in node) {
    const { object, relation, newowner } = node.AlterOwnerStmt;
    const name =
      relation === undefined
        ? object === undefined
          ? ""
          : partsOfObject(object).join(".")
        : show(nameOfRange(relation));
    return [{ object: name, owner: roleOf(newowner) }];
  }
  if ("ReassignOwnedStmt" in node)
    return [
      {
        object: granteesOf(node.ReassignOwnedStmt.roles).join(", "),
        owner: node.ReassignOwnedStmt.newrole?.rolename ?? "?",
      },
    ];
  return alterCommandsOf(node, "AT_ChangeOwner").map(({ table, command: { newowner } }) => ({
    object: show(table),
    owner: roleOf(newowner),
  }));
}
