import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownerOf, ownership, type AttributeRule } from "../attribute-rules.ts";
import { nameOf, qualify, referTo } from "../names.ts";
import { replaceAlways, type Draft, type Rule } from "../rule.ts";
import { isSet, keyOf, listOf, textOf, type Side } from "../world.ts";

const setOptions: AttributeRule = (change, alteration) => {
  const [first] = [...alteration.changed].filter(([name]) => !name.startsWith("owner"));
  return first?.[1] === change
    ? [{ sql: `alter ${referTo(alteration.to)} set (${options(alteration.to)})` }]
    : [];
};

/** Publications; their tables and schemas are objects of their own. */
export const publication: Rule = {
  rank: 92,
  create: (fact, world) => [
    {
      sql: `create ${referTo(fact)}${isSet(fact, "allTables") ? " for all tables" : ""} with (${options(fact)})`,
    },
    ...ownerOf(fact, world),
  ],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}` }],
  ...alterByAttribute({
    ...ownership,
    allTables: "replace",
    actions: setOptions,
    viaRoot: setOptions,
    generatedColumns: setOptions,
  }),
  react: () => "keep",
};

/** Tables that a publication names. */
export const publicationTable: Rule = {
  ...replaceAlways,
  rank: 93,
  create: (fact, world) => {
    const columns = listOf(fact, "columns");
    const where = textOf(fact, "where");
    const list = columns.length === 0 ? "" : ` (${columns.map(quoteIdentifier).join(", ")})`;
    const filter = where === undefined ? "" : ` where (${where})`;
    return [changeMember(fact, world.to, `add table ${nameOf(fact.id)}${list}${filter}`)];
  },
  drop: (fact, world) => [changeMember(fact, world.from, `drop table ${nameOf(fact.id)}`)],
  droppedWith: (fact, world) => {
    const table = keyOf(fact, "table");
    return table !== undefined && world.intents.get(table) === "drop" ? table : undefined;
  },
};

/** Schemas whose tables a publication takes whole. */
export const publicationSchema: Rule = {
  ...replaceAlways,
  rank: 93,
  create: (fact, world) => [
    changeMember(fact, world.to, `add tables in schema ${quoteIdentifier(fact.id.name)}`),
  ],
  drop: (fact, world) => [
    changeMember(fact, world.from, `drop tables in schema ${quoteIdentifier(fact.id.name)}`),
  ],
};

function changeMember(fact: Fact, side: Side, words: string): Draft {
  const key = keyOf(fact, "publication");
  const owner = key === undefined ? undefined : side.facts.get(key);
  return { sql: `alter publication ${qualify(owner?.id.name)} ${words}` };
}

function options(fact: Fact): string {
  const actions = listOf(fact, "actions");
  const generated = textOf(fact, "generatedColumns");
  return [
    `publish = '${actions.length === 0 ? (textOf(fact, "actions") ?? "") : actions.join(", ")}'`,
    `publish_via_partition_root = ${isSet(fact, "viaRoot")}`,
    ...(generated === undefined ? [] : [`publish_generated_columns = ${generated}`]),
  ].join(", ");
}
