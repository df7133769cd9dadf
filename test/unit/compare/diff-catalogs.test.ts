import { expect, test } from "vitest";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import type { Json } from "../../../src/engine/model/catalog.ts";
import { catalog, fact } from "../catalog/builders.ts";

const table = { kind: "table", schema: "public", name: "t" } as const;

function diffOf(before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>) {
  return diffCatalogs(catalog([fact(table, before)]), catalog([fact(table, after)]));
}

test("a catalog does not differ from itself, whatever order its facts come in", () => {
  const facts = [fact(table), fact({ kind: "view", schema: "public", name: "v" })];
  expect(diffCatalogs(catalog(facts), catalog(facts.toReversed()))).toEqual([]);
});

test("what only one side has is removed or added, whole", () => {
  const old = fact(table);
  const fresh = fact({ kind: "view", schema: "public", name: "v" });
  expect(diffCatalogs(catalog([old]), catalog([fresh]))).toEqual([
    { kind: "removed", key: old.key, fact: old },
    { kind: "added", key: fresh.key, fact: fresh },
  ]);
});

test("each attribute that differs is a change of its own", () => {
  expect(diffOf({ owner: "a", rowSecurity: true, same: 1 }, { owner: "b", same: 1 })).toMatchObject([
    { kind: "altered", attribute: "owner", before: "a", after: "b" },
    { kind: "altered", attribute: "rowSecurity", before: true, after: undefined },
  ]);
});

test("lists differ by order and objects do not", () => {
  expect(diffOf({ labels: ["a", "b"] }, { labels: ["b", "a"] })).toHaveLength(1);
  expect(diffOf({ targets: { 1: 5, 2: 6 } }, { targets: { 2: 6, 1: 5 } })).toEqual([]);
});

test.each<readonly [string, Json, Json]>([
  ["a list and an object", [], {}],
  ["a number and its text", 1, "1"],
  ["an object and a longer one", { a: 1 }, { a: 1, b: 2 }],
  ["null and an object", null, {}],
  ["a member and null", { a: null }, { b: null }],
])("%s differ", (_, before, after) => {
  expect(diffOf({ x: before }, { x: after })).toHaveLength(1);
  expect(diffOf({ x: after }, { x: before })).toHaveLength(1);
});

test("statement, position and dependencies are not compared", () => {
  const other = fact({ kind: "view", schema: "public", name: "v" });
  const before = fact(table, {}, { statement: "one", position: 1 });
  const after = fact(
    table,
    {},
    { statement: "two", position: 2, dependsOn: [other.key], mayUse: [other.key] },
  );
  expect(diffCatalogs(catalog([before]), catalog([after]))).toEqual([]);
});
