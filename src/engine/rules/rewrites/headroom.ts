import type { Node } from "../../sql/parse.ts";
import { exclusion } from "../locks/exclusion.ts";
import { maintenanceInMigration } from "../locks/maintenance-in-migration.ts";
import { pkDirect } from "../locks/pk-direct.ts";
import { uniqueDirect } from "../locks/unique-direct.ts";
import { nameOfRange, show, type Name } from "../names.ts";
import type { Rule } from "../rule.ts";
import type { Scope } from "../scope.ts";
import type { StatementView } from "../statement-view.ts";
import { generatedStored } from "./generated-stored.ts";
import { moveStorage } from "./move-storage.ts";
import { serialAdd } from "./serial-add.ts";
import { setUnlogged } from "./set-unlogged.ts";
import { typeChange } from "./type-change.ts";
import { volatileDefault } from "./volatile-default.ts";

/** Below a gigabyte there is room on any disk that a database runs on. */
const smallBytes = 2 ** 30;

/** The rules of what writes a table or an index anew. */
const writers: readonly Rule[] = [
  typeChange,
  volatileDefault,
  serialAdd,
  generatedStored,
  setUnlogged,
  moveStorage,
  maintenanceInMigration,
  uniqueDirect,
  pkDirect,
  exclusion,
];

export const headroom: Rule = {
  id: "R08",
  name: "headroom",
  group: "rewrites",
  severity: "warning",
  detects: "A live table of a gigabyte or more, or an index of one, that is written anew",
  why: "The old files stay until the COMMIT: the disk needs the same room once more, and the log and each replica too.",
  rewrite: "Look at the free disk space first, or write the rows in batches into a new column or table.",
  check: (view, scope) => {
    const table = tableOf(view.node);
    const bytes = table === undefined ? undefined : scope.live?.bytesOf(table);
    if (table === undefined || bytes === undefined || bytes < smallBytes || !writesAnew(view, scope))
      return [];
    return [
      {
        object: show(table),
        why: `The table takes ${(bytes / 2 ** 30).toFixed(1)} GB without its indexes: what is written anew needs its room beside the old, in the log again, and on each replica.`,
        needs: "the free disk space, which SQL does not tell",
      },
    ];
  },
};

function writesAnew(view: StatementView, scope: Scope): boolean {
  if ("IndexStmt" in view.node || "ReindexStmt" in view.node) return true;
  return writers.some((rule) =>
    rule.check(view, scope).some(({ severity = rule.severity }) => severity !== "info"),
  );
}

function tableOf(node: Node): Name | undefined {
  if ("AlterTableStmt" in node) return nameOfRange(node.AlterTableStmt.relation);
  if ("IndexStmt" in node) return nameOfRange(node.IndexStmt.relation);
  if ("ReindexStmt" in node && node.ReindexStmt.kind === "REINDEX_OBJECT_TABLE")
    return nameOfRange(node.ReindexStmt.relation);
  if ("ClusterStmt" in node) return nameOfRange(node.ClusterStmt.relation);
  if (!("VacuumStmt" in node)) return undefined;
  const [first] = node.VacuumStmt.rels ?? [];
  return first !== undefined && "VacuumRelation" in first
    ? nameOfRange(first.VacuumRelation.relation)
    : undefined;
}
