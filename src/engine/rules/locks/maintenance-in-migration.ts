import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

export const maintenanceInMigration: Rule = {
  id: "L24",
  name: "maintenance-in-migration",
  group: "locks",
  severity: "warning",
  detects: "VACUUM, VACUUM FULL and CLUSTER",
  why: "FULL and CLUSTER rewrite the table under an ACCESS EXCLUSIVE lock; plain VACUUM is no change of the schema.",
  rewrite: "Run maintenance outside of migrations; pg_repack rewrites without the lock.",
  check: ({ node }, scope) => {
    if ("ClusterStmt" in node)
      return isOwnTable(scope, node.ClusterStmt.relation) && node.ClusterStmt.relation !== undefined
        ? []
        : [{ object: show(nameOfRange(node.ClusterStmt.relation)) }];
    if (!("VacuumStmt" in node) || node.VacuumStmt.is_vacuumcmd !== true) return [];
    const [first] = node.VacuumStmt.rels ?? [];
    const range =
      first !== undefined && "VacuumRelation" in first ? first.VacuumRelation.relation : undefined;
    return [{ object: range === undefined ? "" : show(nameOfRange(range)) }];
  },
};
