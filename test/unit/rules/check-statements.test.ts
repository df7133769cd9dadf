import { describe, expect, it } from "vitest";
import { checkStatements } from "../../../src/engine/rules/index.ts";

async function check(sql: string) {
  const { findings } = await checkStatements({ migrations: [{ fileName: "1_a.sql", sql }] });
  return findings;
}

describe("the place of a finding", () => {
  it("is the statement's number, line and column behind the comments above it", async () => {
    const sql = "-- first\nselect 1;\n-- second\n  create index i on public.orders (a);";
    expect(await check(sql)).toMatchObject([{ id: "L01", statement: 2, line: 4, column: 3 }]);
  });

  it("is the line of the body for a statement in a DO block", async () => {
    const sql = "do $$\nbegin\n  create index i on public.orders (a);\nend $$;";
    expect(await check(sql)).toMatchObject([{ id: "L01", statement: 1, line: 3, column: 3 }]);
  });
});

describe("an allowance", () => {
  it("suppresses the rule that it names, with its reason, for the statement below it", async () => {
    const sql =
      "-- godwit:allow L01 small table\ncreate index i on public.a (x);\ncreate index j on public.b (x);";
    const findings = await check(sql);
    expect(findings.map(({ suppressed }) => suppressed)).toEqual(["small table", undefined]);
  });

  it("without a reason, or of an unknown rule, allows nothing and is told", async () => {
    const sql = "-- godwit:allow L01\n-- godwit:allow Z99 because\ncreate index i on public.a (x);";
    const findings = await check(sql);
    expect(findings.map(({ id, suppressed }) => [id, suppressed])).toEqual([
      ["L01", undefined],
      ["A01", undefined],
      ["A01", undefined],
    ]);
  });
});
