import { droppedObjects } from "../ledger.ts";
import { show, keyOf, type Name } from "../names.ts";
import type { Rule } from "../rule.ts";

export const dropTable: Rule = {
  id: "D01",
  name: "drop-table",
  group: "data-loss",
  severity: "error",
  detects: "DROP TABLE, DROP FOREIGN TABLE",
  why: "Every row is gone when the transaction ends.",
  rewrite: "Rename the table first, and drop it in a later migration when nothing has missed it.",
  check: ({ node }, scope) =>
    droppedObjects(node, "OBJECT_TABLE", "OBJECT_FOREIGN_TABLE").flatMap(({ name }) => {
      if (isTemporary(name) || scope.made.has("relation", keyOf(name))) return [];
      const object = show(name);
      const rows = scope.live?.rowsOf(name);
      if (rows === 0) return [{ object, severity: "info", why: "The table is empty." }];
      return [
        rows === undefined
          ? { object }
          : { object, why: `About ${rows} rows are gone when the transaction ends.` },
      ];
    }),
};

function isTemporary({ schema }: Name): boolean {
  return schema?.startsWith("pg_temp") === true;
}
