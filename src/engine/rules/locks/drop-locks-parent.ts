import { alterCommandsOf } from "../alter-table.ts";
import { droppedObjects } from "../ledger.ts";
import { show, type Name } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";

export const dropLocksParent: Rule = {
  id: "L15",
  name: "drop-locks-parent",
  group: "locks",
  severity: "warning",
  detects: "DROP TABLE and DROP CONSTRAINT of a foreign key",
  why: "Dropping a foreign key locks the table that it refers to against everybody, until the transaction ends.",
  rewrite: "Drop the foreign key first, in a short migration of its own.",
  check: ({ node }, scope) => {
    const tables = droppedObjects(node, "OBJECT_TABLE")
      .filter(({ name }) => !isOwnTable(scope, name))
      .map(({ name }) => ({ table: name, constraint: undefined }));
    const constraints = alterCommandsOf(node, "AT_DropConstraint")
      .filter(({ table }) => !isOwnTable(scope, table))
      .map(({ table, command }) => ({ table, constraint: command.name }));
    return [...tables, ...constraints].flatMap((dropped) => judge(dropped, scope));
  },
};

interface Dropped {
  readonly table: Name;
  readonly constraint: string | undefined;
}

function judge({ table, constraint }: Dropped, { live }: Scope): readonly Hit[] {
  const object = show(table);
  if (live === undefined) {
    const isForeignKey = constraint === undefined || /fk/i.test(constraint);
    return isForeignKey
      ? [{ object, severity: "info", needs: "which tables its foreign keys refer to" }]
      : [];
  }
  const keys = live
    .partsOf("constraint", table)
    .filter(
      ({ attributes, id }) =>
        attributes["type"] === "foreign key" && (constraint === undefined || id.name === constraint),
    );
  const parents = [
    ...new Set(keys.flatMap(({ statement = "" }) => /REFERENCES ([^(]+)\(/.exec(statement)?.[1] ?? [])),
  ];
  const why = `Dropping its foreign keys locks ${parents.join(", ")} against everybody, until the transaction ends.`;
  return parents.length === 0 ? [] : [{ object, why }];
}
