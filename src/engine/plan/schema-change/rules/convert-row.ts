import type { Fact, FactKey } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { isGoing, textOf, type World } from "../world.ts";
import { convertType, type Conversion } from "./convert-type.ts";

/** How the rows in a column become rows of the composite type that takes their type's place, attribute by attribute; undefined for other columns. */
export function convertRow(given: {
  readonly column: Fact;
  readonly name: string;
  readonly world: World;
}): Conversion | undefined {
  const { column, name, world } = given;
  const type = column.dependsOn.find((key) => key.startsWith("composite_type ") && isGoing(world, key));
  const written = textOf(column, "type") ?? "";
  if (type === undefined || written.endsWith("[]") || !world.retyped.has(column.key)) return undefined;
  const parts = world.to
    .children(type, "column")
    .map((attribute) => convertAttribute({ attribute, type, name, world }));
  const row = `row(${parts.map(({ expression }) => expression).join(", ")})::${written}`;
  return {
    sql: ` using case when ${name} is null then null else ${row} end`,
    isSafe: parts.every(({ isSafe }) => isSafe),
  };
}

function convertAttribute(given: {
  readonly attribute: Fact;
  readonly type: FactKey;
  readonly name: string;
  readonly world: World;
}): { readonly expression: string; readonly isSafe: boolean } {
  const { attribute, type, name, world } = given;
  const before = world.from.children(type, "column").find(({ id }) => id.name === attribute.id.name);
  if (before === undefined) return { expression: "null", isSafe: true };
  const conversion = convertType({
    column: `(${name}).${quoteIdentifier(attribute.id.name)}`,
    from: textOf(before, "type") ?? "",
    to: textOf(attribute, "type") ?? "",
    throughText: before.dependsOn.some((key) => isGoing(world, key)),
  });
  const expression = conversion.sql.replace(/^ using /, "");
  return {
    expression: expression === "" ? `(${name}).${quoteIdentifier(attribute.id.name)}` : expression,
    isSafe: conversion.isSafe,
  };
}
