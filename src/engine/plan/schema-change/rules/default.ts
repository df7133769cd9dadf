import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { ownerNameOf } from "../names.ts";
import type { Draft, Rule } from "../rule.ts";
import { isComing, isSet, listOf, textOf } from "../world.ts";
import { staysAttached } from "./attachment.ts";
import { isOfView } from "./column.ts";
import { isInlineDefault } from "./column-definition.ts";

/** The default of a column: a fact of its own, since circles of dependencies are cut here. */
export const columnDefault: Rule = {
  rank: 60,
  madeWith: (fact, world) => {
    const column = fact.parent === undefined ? undefined : world.to.facts.get(fact.parent);
    if (column?.parent === undefined || !isComing(world, column.key) || isOfView(column)) return undefined;
    const table = world.to.facts.get(column.parent);
    const isAdjusted =
      (listOf(table, "inherits").length > 0 && isSet(column, "inherited")) ||
      textOf(table, "ofType") !== undefined;
    if (isAdjusted && isComing(world, column.parent)) return column.key;
    if (isSet(column, "inherited") && staysAttached(column.parent, world)) return undefined;
    return isInlineDefault(fact, world) ? column.key : undefined;
  },
  create: (fact) => [setDefault(fact)],
  drop: (fact) => [{ sql: `${alterColumn(fact)} drop default` }],
  decide: () => ({ kind: "alter" }),
  alter: ({ to }) => [setDefault(to)],
  react: () => "replace",
};

function setDefault(fact: Fact): Draft {
  return { sql: `${alterColumn(fact)} set default ${textOf(fact, "expression") ?? "null"}` };
}

/** Works for views too, whose columns may have defaults. */
function alterColumn(fact: Fact): string {
  return `alter table only ${ownerNameOf(fact.id)} alter column ${quoteIdentifier(fact.id.name)}`;
}
