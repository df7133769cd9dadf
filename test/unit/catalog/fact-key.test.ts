import { expect, test } from "vitest";
import { factKey, type ObjectId } from "../../../src/engine/model/catalog.ts";

const table = { kind: "table", schema: "public", name: "t" } as const;

test.each<readonly [string, ObjectId, ObjectId]>([
  [
    "a dot inside a name and one between names",
    { kind: "table", schema: "a.b", name: "c" },
    { kind: "table", schema: "a", name: "b.c" },
  ],
  [
    "a quote inside a name and one around it",
    { kind: "column", schema: "a", within: 'b"."c', name: "d" },
    { kind: "column", schema: "a", within: "b", name: 'c"."d' },
  ],
  [
    "everyone and a role called public",
    { kind: "grant", name: "SELECT", on: factKey(table), grantee: { kind: "everyone" } },
    { kind: "grant", name: "SELECT", on: factKey(table), grantee: { kind: "role", name: "public" } },
  ],
  [
    "two overloads",
    { kind: "function", schema: "a", name: "f", signature: "integer" },
    { kind: "function", schema: "a", name: "f", signature: "" },
  ],
  ["upper and lower case", { kind: "table", schema: "public", name: "T" }, table],
])("%s have different keys", (_, one, other) => {
  expect(factKey(one)).not.toBe(factKey(other));
});

test("a key reads like SQL", () => {
  expect(factKey({ kind: "column", schema: "public", within: "orders", name: "to tal" })).toBe(
    'column "public"."orders"."to tal"',
  );
  expect(factKey({ kind: "comment", name: "", on: factKey(table) })).toBe('comment on table "public"."t"');
});
