import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { ownerNameOf } from "../names.ts";
import type { Draft } from "../rule.ts";
import { textOf, type Side } from "../world.ts";

const relations: ReadonlySet<string> = new Set(["table", "foreign_table", "view", "materialized_view"]);

/** The table or view whose rows a table's column holds. */
export function rowSource(column: Fact, side: Side): Fact | undefined {
  if (column.kind !== "column" || column.parent?.startsWith("table ") !== true) return undefined;
  return column.dependsOn
    .map((key) => side.facts.get(key))
    .find((fact) => fact !== undefined && relations.has(fact.kind) && fact.key !== column.parent);
}

/**
 * The server neither drops nor rewrites a table or view whose rows are in a column elsewhere: the rows wait as JSON, by their
 * columns' names, or as text where there are many in one value, and come back once it is as it shall be.
 */
export function waitAsJson(to: Fact): readonly Draft[] {
  const name = quoteIdentifier(to.id.name);
  const type = textOf(to, "type") ?? "";
  const alter = `alter table ${ownerNameOf(to.id)} alter column ${name} type`;
  const hazards = ["TABLE_REWRITE", "ACCESS_EXCLUSIVE_LOCK"] as const;
  return type.endsWith("[]")
    ? [
        { sql: `${alter} text[] using ${name}::text[]`, place: "early", hazards },
        { sql: `${alter} ${type} using ${name}::${type}`, hazards: [...hazards, "CORRECTNESS"] },
      ]
    : [
        { sql: `${alter} jsonb using to_jsonb(${name})`, place: "early", hazards },
        { sql: `${alter} ${type} using jsonb_populate_record(null::${type}, ${name})`, hazards },
      ];
}
