import type { Node } from "../../sql/parse.ts";
import { alterCommandsOf } from "../alter-table.ts";
import { droppedObjects } from "../ledger.ts";
import { show } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, following, type Scope } from "../scope.ts";

export const publicationLoss: Rule = {
  id: "C12",
  name: "publication-loss",
  group: "compatibility",
  severity: "warning",
  detects:
    "Tables taken out of a publication, DROP PUBLICATION, and replica identity or a primary key taken away",
  why: "Realtime and every other subscriber stop hearing of changes, or the server refuses UPDATE and DELETE.",
  rewrite:
    "Give the table another replica identity first; take it out of the publication when nobody listens.",
  check: ({ node }, scope) => {
    if ("AlterPublicationStmt" in node) {
      const { action, pubname = "" } = node.AlterPublicationStmt;
      return action === "AP_DropObjects" || action === "AP_SetObjects" ? [{ object: pubname }] : [];
    }
    const dropped = droppedObjects(node, "OBJECT_PUBLICATION").filter(
      ({ name }) => !isMadeAgain(name.name, scope),
    );
    return [
      ...dropped.map(({ name }) => ({ object: name.name })),
      ...identities(node, scope),
      ...keys(node, scope),
    ];
  },
};

function isMadeAgain(name: string, scope: Scope): boolean {
  return following(scope, { name }).some(
    ({ node }) => "CreatePublicationStmt" in node && node.CreatePublicationStmt.pubname === name,
  );
}

function identities(node: Node, scope: Scope): readonly Hit[] {
  return alterCommandsOf(node, "AT_ReplicaIdentity").flatMap(({ table, command: { def } }) => {
    const identity =
      def !== undefined && "ReplicaIdentityStmt" in def ? def.ReplicaIdentityStmt.identity_type : undefined;
    return identity === "n" && !isOwnTable(scope, table) ? [{ object: show(table) }] : [];
  });
}

function keys(node: Node, scope: Scope): readonly Hit[] {
  return alterCommandsOf(node, "AT_DropConstraint").flatMap(({ table, command: { name = "" } }) => {
    const isKey = scope.live?.findPart("constraint", table, name)?.attributes["type"] === "primary key";
    return isKey ? [{ object: `${show(table)}.${name}` }] : [];
  });
}
