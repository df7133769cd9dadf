import type { Catalog, Fact, FactKey } from "../../model/catalog.ts";
import type { KeptData } from "../../model/kept-data.ts";
import { quoteIdentifier, quoteLiteral } from "../../sql/quote.ts";

/** Where the copies lie: the Supabase CLI leaves that schema out of diffs, pulls and dumps. */
export const keptSchema = "supabase_migrations";

/** Statements that bring kept rows and values back into the tables as they were, triggers aside. Pure. */
export function planRestore(kept: readonly KeptData[], existing: ReadonlySet<string>): readonly string[] {
  return kept.flatMap((each) => {
    const table = nameOf(each.table.schema, each.table.name);
    // A table that is made anew has no triggers yet.
    const triggers = existing.has(`${each.table.schema}.${each.table.name}`) ? each.triggers : [];
    const toggle = (word: "disable" | "enable") =>
      triggers.map((name) => `alter table ${table} ${word} trigger ${quoteIdentifier(name)}`);
    const positions = each.sequences.map(
      ({ name, at }) => `select pg_catalog.setval(${quoteLiteral(name)}, ${at})`,
    );
    return [...toggle("disable"), write(each, table), ...positions, ...toggle("enable")];
  });
}

/** Statements that remove the copies once nobody needs them. */
export function planRemoval(kept: readonly KeptData[]): readonly string[] {
  return kept.map(({ copy }) => `drop table ${nameOf(keptSchema, copy)}`);
}

function write({ copy, column, columns, keys, restoredBy }: KeptData, table: string): string {
  const from = nameOf(keptSchema, copy);
  const list = columns.map(quoteIdentifier).join(", ");
  if (restoredBy === "insert")
    return `insert into ${table} (${list}) overriding system value select ${list} from ${from} on conflict do nothing`;
  const changed = column === undefined ? columns.filter((name) => !keys.includes(name)) : [column];
  const sets = changed.map((name) => `${quoteIdentifier(name)} = k.${quoteIdentifier(name)}`).join(", ");
  const match = keys.map((name) => `t.${quoteIdentifier(name)} = k.${quoteIdentifier(name)}`).join(" and ");
  return `update ${table} t set ${sets} from ${from} k where ${match}`;
}

/**
 * The schema before a migration as it has to be while rows are brought back: without the foreign keys and triggers that are
 * made anew, which rows would meet, and with kept columns that may still be empty. Pure.
 */
export function schemaForRestoring(before: Catalog, after: Catalog, kept: readonly KeptData[]): Catalog {
  const facts = new Map<FactKey, Fact>(before.facts);
  const waiting = new Set<FactKey>();
  for (const fact of before.facts.values()) {
    if (!after.facts.has(fact.key) && isInTheWay(fact)) waiting.add(fact.key);
  }
  for (let size = -1; size !== waiting.size;) {
    size = waiting.size;
    for (const { key, parent, id, dependsOn } of before.facts.values()) {
      const needs = [parent, id.on, ...dependsOn].filter((needed) => needed !== undefined);
      if (!after.facts.has(key) && needs.some((needed) => waiting.has(needed))) waiting.add(key);
    }
  }
  for (const key of waiting) facts.delete(key);
  const columns = new Set(kept.flatMap(({ column, name }) => (column === undefined ? [] : [name])));
  for (const [key, fact] of facts) {
    const { kind, id, attributes } = fact;
    if (kind !== "column" || !columns.has(`${id.schema ?? ""}.${id.within ?? ""}.${id.name}`)) continue;
    const { notNullName: _, notNullNotValid: __, notNullNoInherit: ___, ...rest } = attributes;
    facts.set(key, { ...fact, attributes: { ...rest, notNull: false } });
  }
  return { ...before, facts };
}

function isInTheWay({ kind, attributes, statement }: Fact): boolean {
  if (kind === "trigger") return true;
  return kind === "constraint" && /foreign key/i.test(`${JSON.stringify(attributes)} ${statement ?? ""}`);
}

function nameOf(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
