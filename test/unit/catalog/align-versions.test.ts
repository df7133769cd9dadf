import { expect, test } from "vitest";
import { alignVersions } from "../../../src/engine/catalog/align-versions.ts";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import { factKey, type Fact } from "../../../src/engine/model/catalog.ts";
import { catalog, fact } from "./builders.ts";

const on = factKey({ kind: "table", schema: "public", name: "t" });
const role = { kind: "role", name: "r" } as const;
const maintain = fact({ kind: "grant", name: "MAINTAIN", on, grantee: role });
const select = fact({ kind: "grant", name: "SELECT", on, grantee: role });
const column = { kind: "column", schema: "public", within: "t", name: "c" } as const;

type Side = readonly [facts: readonly Fact[], serverVersion: number];

function differences(left: Side, right: Side) {
  const aligned = alignVersions(catalog(...left), catalog(...right));
  return diffCatalogs(aligned.left, aligned.right);
}

test("MAINTAIN is left out where one side cannot have it, other privileges are not", () => {
  expect(differences([[], 150_020], [[maintain], 170_010])).toEqual([]);
  expect(differences([[], 150_020], [[select], 170_010])).toHaveLength(1);
  expect(differences([[], 170_010], [[maintain], 180_004])).toHaveLength(1);
});

test("a NOT NULL constraint's name counts only where both sides store one", () => {
  const plain = fact(column, { type: "integer", notNull: true });
  const named = fact(column, { type: "integer", notNull: true, notNullName: "must" });
  expect(differences([[plain], 170_010], [[named], 180_004])).toEqual([]);
  expect(differences([[plain], 180_004], [[named], 180_004])).toHaveLength(1);
});
