import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownerOf, ownership } from "../attribute-rules.ts";
import { nameOf, referTo } from "../names.ts";
import { optionRule, withOptions } from "../options.ts";
import type { Rule } from "../rule.ts";
import { isSet, listOf, textOf, type World } from "../world.ts";
import { refineColumn } from "./column-definition.ts";

/** Views: replaced in place where their columns only grow at the end. */
export const view: Rule = {
  rank: 80,
  create: (fact, world) => [{ sql: defineView(fact, "create") }, ...ownerOf(fact, world)],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}`, hazards: ["ACCESS_EXCLUSIVE_LOCK"] }],
  ...alterView(),
  react: () => "replace",
};

/** Materialized views: made anew whenever their query changes, and behind the grants that their query may need. */
export const materializedView: Rule = {
  rank: 110,
  create: (fact, world) => [
    { sql: defineMaterializedView(fact) },
    ...world.to.children(fact.key, "column").flatMap(refineColumn),
    ...ownerOf(fact, world),
  ],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}`, hazards: ["ACCESS_EXCLUSIVE_LOCK"] }],
  ...alterByAttribute({
    ...ownership,
    definition: "replace",
    columnNames: "replace",
    unpopulated: (change, { to }) => [
      {
        sql: `refresh materialized view ${nameOf(to.id)} with ${change.after === true ? "no data" : "data"}`,
      },
    ],
    accessMethod: (change, { to }) => [
      { sql: `alter ${referTo(to)} set access method ${quoteIdentifier(String(change.after ?? "heap"))}` },
    ],
    tablespace: (change, { to }) => [
      { sql: `alter ${referTo(to)} set tablespace ${quoteIdentifier(String(change.after ?? "pg_default"))}` },
    ],
    replicaIdentity: "with_object",
    "option.*": optionRule,
  }),
  react: () => "replace",
};

function alterView(): Pick<Rule, "decide" | "alter"> {
  const attributes = alterByAttribute({
    ...ownership,
    definition: (_change, { to }) => [{ sql: defineView(to, "create or replace") }],
    columnNames: "with_object",
    "option.*": (change, alteration, world) =>
      // CREATE OR REPLACE VIEW sets all options at once.
      alteration.changed.has("definition") ? [] : optionRule(change, alteration, world),
  });
  return {
    decide: (alteration, world) => {
      const decided = attributes.decide(alteration);
      const { changed, from, to } = alteration;
      if (decided.kind !== "alter" || !(changed.has("definition") || changed.has("columnNames")))
        return decided;
      return canReplaceInPlace(from, to, world) ? decided : { kind: "replace" };
    },
    alter: attributes.alter,
  };
}

/** The server replaces a view in place where every column keeps name, type and collation, and new ones come last. */
function canReplaceInPlace(from: Fact, to: Fact, world: World): boolean {
  const before = world.from.children(from.key, "column");
  const after = world.to.children(to.key, "column");
  return before.every((column, index) => {
    const other = after[index];
    return (
      other !== undefined &&
      other.id.name === column.id.name &&
      other.attributes["type"] === column.attributes["type"] &&
      other.attributes["collation"] === column.attributes["collation"]
    );
  });
}

function defineView(fact: Fact, words: string): string {
  return `${words} view ${nameOf(fact.id)}${columnNames(fact)}${withOptions(fact)} as\n${textOf(fact, "definition") ?? ""}`;
}

function defineMaterializedView(fact: Fact): string {
  const accessMethod = textOf(fact, "accessMethod");
  const tablespace = textOf(fact, "tablespace");
  return [
    `create materialized view ${nameOf(fact.id)}${columnNames(fact)}`,
    accessMethod === undefined ? "" : ` using ${quoteIdentifier(accessMethod)}`,
    withOptions(fact),
    tablespace === undefined ? "" : ` tablespace ${quoteIdentifier(tablespace)}`,
    ` as\n${textOf(fact, "definition") ?? ""}`,
    isSet(fact, "unpopulated") ? "\nwith no data" : "",
  ].join("");
}

function columnNames(fact: Fact): string {
  const names = listOf(fact, "columnNames");
  return names.length === 0 ? "" : ` (${names.map(quoteIdentifier).join(", ")})`;
}
