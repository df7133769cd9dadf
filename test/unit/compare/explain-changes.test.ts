import { describe, expect, test } from "vitest";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import { explainChanges } from "../../../src/engine/compare/explain-changes.ts";
import type { Fact } from "../../../src/engine/model/catalog.ts";
import { catalog, fact } from "../catalog/builders.ts";

const table = (name: string, attributes = {}): Fact =>
  fact({ kind: "table", schema: "public", name }, attributes);
const live = catalog([table("a", { rowSecurity: true }), table("b")]);
const against = (facts: readonly Fact[]) => diffCatalogs(live, catalog(facts));

describe("what pending files explain", () => {
  const changes = against([table("a")]);
  const stage = (file: string, facts: readonly Fact[]) => ({ file, changes: against(facts) });

  test("is laid at the file after which it no longer differs", () => {
    const explained = explainChanges(changes, [
      stage("1.sql", [table("a"), table("b")]),
      stage("2.sql", [table("a", { rowSecurity: true }), table("b")]),
    ]);
    expect([...explained.values()].toSorted()).toEqual(["1.sql", "2.sql"]);
  });

  test("is nothing that a later file undoes, and nothing that differs otherwise afterwards", () => {
    const undone = [stage("1.sql", [table("a"), table("b")]), stage("2.sql", [table("a")])];
    expect(explainChanges(changes, undone)).toEqual(new Map());
    const otherwise = [stage("1.sql", [table("a"), table("b", { owner: "other" })])];
    expect(explainChanges(changes, otherwise)).toEqual(new Map());
  });

  test("is no attribute of an object that the file drops", () => {
    const attribute = changes.filter((change) => change.kind === "altered");
    expect(attribute).toHaveLength(1);
    expect(explainChanges(attribute, [stage("1.sql", [table("b")])])).toEqual(new Map());
  });
});
