import { describe, expect, test } from "vitest";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import type { Fact, FactKey } from "../../../src/engine/model/catalog.ts";
import { splitByRenames } from "../../../src/engine/prove/open-renames.ts";
import { catalog, fact } from "../catalog/builders.ts";

const table = (name: string): Fact => fact({ kind: "table", schema: "public", name });
const view = (name: string, dependsOn: readonly FactKey[]): Fact =>
  fact({ kind: "view", schema: "public", name }, { definition: dependsOn.join() }, { dependsOn });
const policyOn = (on: string): Fact =>
  fact({ kind: "policy", schema: "public", within: on, name: "p" }, {}, { parent: table(on).key });

function waitingOf(before: readonly Fact[], after: readonly Fact[]): readonly FactKey[] {
  const [from, to] = [catalog(before), catalog(after)];
  const candidate = { from: table("a").key, to: table("b").key, sql: "", fromName: "", toName: "" };
  const { free, waiting } = splitByRenames(diffCatalogs(from, to), [candidate], [from, to]);
  expect(free.length + waiting.length).toBe(diffCatalogs(from, to).length);
  return waiting.map(({ key }) => key).toSorted();
}

describe("while nobody has said whether a table was renamed", () => {
  test("the two tables and their parts wait, and what is not theirs does not", () => {
    const own = [table("a").key, table("b").key, policyOn("a").key];
    expect(waitingOf([table("a"), policyOn("a"), table("c")], [table("b")])).toEqual(own.toSorted());
  });

  test("views on the new table wait, new or altered, and those on them", () => {
    const first = view("v", [table("b").key]);
    const second = view("w", [first.key]);
    const before = [table("a"), view("v", [table("a").key])];
    expect(waitingOf(before, [table("b"), first, second])).toEqual(
      [table("a").key, table("b").key, first.key, second.key].toSorted(),
    );
  });

  test("what shall have the old table's name waits", () => {
    expect(waitingOf([table("a")], [table("b"), view("a", [])])).toContain(view("a", []).key);
  });
});
