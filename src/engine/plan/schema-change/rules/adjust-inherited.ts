import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { nameOf } from "../names.ts";
import type { Draft } from "../rule.ts";
import { isSet, textOf, type World } from "../world.ts";
import { inheritedFrom } from "./attachment.ts";

/** For a table just made: what its columns have otherwise than the tables or the type that they come from. */
export function adjustInherited(table: Fact, world: World): readonly Draft[] {
  return world.to
    .children(table.key, "column")
    .filter((column) => textOf(table, "ofType") !== undefined || !isSet(column, "local"))
    .filter((column) => textOf(table, "ofType") !== undefined || isSet(column, "inherited"))
    .flatMap((column) => adjustColumn(table, column, world));
}

function adjustColumn(table: Fact, column: Fact, world: World): readonly Draft[] {
  const above = inheritedFrom(column, world.to);
  const alter = `alter table only ${nameOf(table.id)} alter column ${quoteIdentifier(column.id.name)}`;
  const own = textOf(world.to.children(column.key, "default")[0], "expression");
  const inherited = above
    .map((candidate) => textOf(world.to.children(candidate.key, "default")[0], "expression"))
    .find((expression) => expression !== undefined);
  const isNotNull = above.some((candidate) => isSet(candidate, "notNull"));
  return [
    ...(own === inherited
      ? []
      : [{ sql: own === undefined ? `${alter} drop default` : `${alter} set default ${own}` }]),
    ...(isSet(column, "notNull") && !isNotNull ? [{ sql: `${alter} set not null` }] : []),
  ];
}
