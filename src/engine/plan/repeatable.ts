import type { SchemaStatement } from "./schema-change/schema-change.ts";

/**
 * The statement in a form that changes nothing where its work is done already. A migration from drift runs on two kinds of database: the
 * one that drifted, and every one that is built from the files, where there never was a drift. Only statements that the planner wrote.
 */
export function toRepeatable(statement: SchemaStatement): SchemaStatement {
  const sql = repeat(statement.sql);
  return sql === statement.sql ? statement : { ...statement, sql };
}

function repeat(sql: string): string {
  for (const { pattern, by } of ownForms) if (pattern.test(sql)) return sql.replace(pattern, by);
  const guard = guards.find(({ pattern }) => pattern.test(sql));
  return guard === undefined ? sql : wrap(sql, guard.conditions);
}

/** Where PostgreSQL has words for it (its documentation of each command). */
const ownForms: readonly { readonly pattern: RegExp; readonly by: string }[] = [
  {
    pattern:
      /^drop (materialized view|foreign table|foreign data wrapper|event trigger|text search \w+|operator class|operator family|user mapping|access method|\w+) (?!if exists )/,
    by: "drop $1 if exists ",
  },
  {
    pattern: /^(alter (?:foreign )?table )((?:only )?.*? drop (?:column|constraint) )(?!if exists )(?=")/s,
    by: "$1if exists $2if exists ",
  },
  { pattern: /^(alter domain .*? drop constraint )(?=")/s, by: "$1if exists " },
  { pattern: /^(alter type .*? drop attribute )(?=")/s, by: "$1if exists " },
  { pattern: /^(alter (?:foreign )?table .*? add column )(?=")/s, by: "$1if not exists " },
  { pattern: /^(alter type .*? add value )(?!if not exists )/s, by: "$1if not exists " },
  { pattern: /^(alter (?:foreign )?table .*? drop (?:identity|expression))$/s, by: "$1 if exists" },
  {
    pattern:
      /^create ((?:unlogged |foreign )?table|(?:unlogged )?sequence|schema|extension|materialized view) (?!if not exists )/i,
    by: "create $1 if not exists ",
  },
  {
    pattern: /^create (unique )?index (concurrently )?(?!if not exists )/i,
    by: "create $1index $2if not exists ",
  },
  { pattern: /^create (recursive )?view /i, by: "create or replace $1view " },
];

const already = [
  "duplicate_object",
  "duplicate_table",
  "duplicate_column",
  "duplicate_function",
  "duplicate_schema",
];
const gone = ["undefined_object", "undefined_table", "undefined_column", "undefined_function"];

/** Elsewhere a guard passes over the one error that says that it is so already. */
const guards: readonly { readonly pattern: RegExp; readonly conditions: readonly string[] }[] = [
  { pattern: /^create (?!or replace )/i, conditions: already },
  {
    pattern: /^alter (?:foreign )?table .* add constraint /is,
    conditions: [...already, "invalid_table_definition"],
  },
  { pattern: /^alter (?:domain|publication) .* add /is, conditions: already },
  { pattern: /^alter type .* add attribute /is, conditions: already },
  { pattern: /^alter publication .* drop /is, conditions: gone },
  { pattern: /^alter .* rename (?:column |constraint )?.*\bto /is, conditions: [...already, ...gone] },
];

function wrap(sql: string, conditions: readonly string[]): string {
  const tag = freeTag(sql);
  return `do ${tag} begin\n  ${sql};\nexception when ${conditions.join(" or ")} then null;\nend ${tag}`;
}

function freeTag(sql: string): string {
  let tag = "$godwit$";
  for (let count = 2; sql.includes(tag); count += 1) tag = `$godwit${count}$`;
  return tag;
}
