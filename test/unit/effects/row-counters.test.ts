import { describe, expect, test } from "vitest";
import { addDestroyed } from "../../../src/engine/effects/add-destroyed.ts";
import {
  changedRows,
  countersSince,
  mergeRows,
  rowsAffectedBy,
} from "../../../src/engine/effects/row-counters.ts";
import type { RowCounters, StatementTrace, TableRows } from "../../../src/engine/model/effects.ts";

const counters = (inserted: number, deleted = 0): ReadonlyMap<string, RowCounters> =>
  new Map([["1", { schema: "public", table: "t", inserted, updated: 0, deleted, scans: 0, rowsScanned: 0 }]]);
const rows = (table: string, changes: Partial<TableRows>): TableRows => ({
  table,
  inserted: 0,
  updated: 0,
  deleted: 0,
  ...changes,
});

describe("row counters", () => {
  test("count from the transaction's begin, whatever the connection did before", () => {
    expect(countersSince(counters(20), counters(23)).get("1")?.inserted).toBe(3);
  });

  test("begin anew where TRUNCATE has set them back", () => {
    expect(changedRows(counters(10), counters(2))).toEqual([rows("public.t", { inserted: 2 })]);
  });

  test("tell no table in which nothing changed", () => {
    expect(changedRows(counters(5), counters(5))).toEqual([]);
  });

  test("are added up table by table, an estimate remaining one", () => {
    const merged = mergeRows([
      rows("a", { inserted: 1 }),
      rows("b", { destroyed: 5, isEstimate: true }),
      rows("b", { deleted: 1 }),
    ]);
    expect(merged).toEqual([
      rows("b", { deleted: 1, destroyed: 5, isEstimate: true }),
      rows("a", { inserted: 1 }),
    ]);
  });

  test("stand for the rows affected where they were read, else the command tags do", () => {
    const result = { index: 0, state: "done", fingerprint: "", command: "DELETE", durationMs: 0 } as const;
    const tagged = { ...result, rowsAffected: 5 };
    expect(rowsAffectedBy([tagged, tagged])).toBe(10);
    expect(rowsAffectedBy([tagged, { ...tagged, tables: [rows("t", { deleted: 5, destroyed: 2 })] }])).toBe(
      7,
    );
    expect(rowsAffectedBy([{ ...tagged, tables: [] }])).toBe(0);
  });
});

describe("destroyed rows", () => {
  const relation = {
    oid: "1",
    schema: "public",
    name: "t",
    kind: "table",
    ofTable: undefined,
    fileNode: "1",
    estimatedRows: 0,
  } as const;
  const trace = (changes: Partial<StatementTrace>): StatementTrace => ({
    locks: [],
    rewrites: [],
    scans: [],
    rows: [],
    emptied: [],
    dropped: [],
    ...changes,
  });

  test("are what the table held and what the statements before left in it, once", () => {
    const traces = [
      trace({ rows: [rows("public.t", { inserted: 3, deleted: 1 })] }),
      trace({ emptied: [relation] }),
      trace({ dropped: [relation] }),
    ];
    const counted = addDestroyed(traces, [rows("public.t", { destroyed: 10 })]);
    expect(counted.map((each) => each.rows.at(-1)?.destroyed)).toEqual([undefined, 12, undefined]);
  });
});
