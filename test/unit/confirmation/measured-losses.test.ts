import { expect, test } from "vitest";
import {
  planIdIn,
  unconfirmedLosses,
  withEffects,
} from "../../../src/engine/confirmation/measured-losses.ts";
import type { MeasuredChange } from "../../../src/engine/model/effects.ts";
import type { Loss } from "../../../src/engine/model/loss.ts";

const changed = (more: Partial<MeasuredChange>): MeasuredChange => ({
  table: "public.t",
  deleted: 0,
  updated: 0,
  ...more,
});
const loss = (more: Partial<Loss>): Loss => ({
  kind: "table",
  name: "public.t",
  change: "deleted",
  cannotComeBack: "its rows",
  ...more,
});
const counted = (count: number) => ({ count, certainty: "counted" as const });
const gone = { change: "dropped" as const, estimatedRows: 12.4 };

test.each<readonly [string, readonly MeasuredChange[], readonly Loss[], readonly string[]]>([
  ["a thousand rows", [changed({ deleted: 1000 })], [], []],
  ["more than a thousand", [changed({ deleted: 1001 })], [], ["deleted public.t 1001"]],
  [
    "more than a thousand in two tables",
    [changed({ deleted: 600 }), changed({ table: "public.u", updated: 600 })],
    [],
    ["deleted public.t 600", "overwritten public.u 600"],
  ],
  ["rows that were confirmed", [changed({ deleted: 2000 })], [loss({ rows: counted(2000) })], []],
  ["twice the rows", [changed({ deleted: 4000 })], [loss({ rows: counted(2000) })], []],
  [
    "more than twice",
    [changed({ deleted: 4001 })],
    [loss({ rows: counted(2000) })],
    ["deleted public.t 4001"],
  ],
  ["a thousand more", [changed({ deleted: 1010 })], [loss({ rows: counted(10) })], []],
  ["an estimate", [changed({ deleted: 9000 })], [loss({ rows: { count: 1, certainty: "estimated" } })], []],
  ["rows nobody counted", [changed({ deleted: 9000 })], [loss({})], []],
  [
    "another table's yes",
    [changed({ deleted: 9000 })],
    [loss({ name: "public.u" })],
    ["deleted public.t 9000"],
  ],
  ["another kind's yes", [changed({ deleted: 9000 })], [loss({ kind: "column" })], ["deleted public.t 9000"]],
  [
    "a yes to an update",
    [changed({ deleted: 9000 })],
    [loss({ change: "overwritten" })],
    ["deleted public.t 9000"],
  ],
  ["an update within a deletion", [changed({ updated: 9000 })], [loss({})], []],
  ["a table that is dropped anyway", [changed({ deleted: 9000 })], [loss({ change: "dropped" })], []],
  [
    "a sweep",
    [changed({ deleted: 9000 })],
    [loss({ kind: "objects taken by", change: "dropped", name: "X" })],
    [],
  ],
  ["a table gone unseen", [changed({ gone })], [], ["dropped public.t 12"]],
  ["a table gone that was confirmed", [changed({ gone })], [loss({ change: "emptied" })], []],
  ["a table gone, its rows confirmed only", [changed({ gone })], [loss({})], ["dropped public.t 12"]],
  [
    "a table of unknown size gone",
    [changed({ gone: { ...gone, estimatedRows: -1 } })],
    [],
    ["dropped public.t "],
  ],
])("%s", (_name, changes, confirmed, expected) => {
  const losses = unconfirmedLosses(changes, confirmed);
  expect(losses.map(({ change, name, rows }) => `${change} ${name} ${rows?.count ?? ""}`)).toEqual(expected);
});

test("an id is bound to what was measured, to the order of magnitude", () => {
  const id = "a".repeat(64);
  const bound = withEffects(id, [loss({ rows: counted(4000) })]);
  expect(withEffects(id, [loss({ rows: counted(9999) })])).toBe(bound);
  expect(withEffects(id, [loss({ rows: counted(10000) })])).not.toBe(bound);
  expect(withEffects(id, [loss({})])).not.toBe(bound);
  expect(withEffects(id, [loss({ name: "b" }), loss({})])).toBe(
    withEffects(id, [loss({}), loss({ name: "b" })]),
  );
  expect(planIdIn(bound)).toBe(id);
  expect(planIdIn(id)).toBe(id);
  expect(planIdIn(`${id}-xyz`)).toBe(`${id}-xyz`);
});
