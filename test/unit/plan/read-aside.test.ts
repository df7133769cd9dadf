import { describe, expect, it } from "vitest";
import { planMigration } from "../../../src/engine/plan/plan-migration.ts";
import { sourceOfSql } from "../../../src/engine/plan/migration-source.ts";
import { readStatements } from "../../../src/engine/plan/read-statements.ts";
import { recordedVersion } from "../../../src/engine/model/version.ts";

const row = "insert into app.t (id, body) values (1, 'a text that takes some room');\n";
const sourceOf = (sql: string) => sourceOfSql(sql, "long", recordedVersion("20260101000000"));

/** How long the event loop stood still at the most while this ran, as a share of all its time. */
async function longestHaltOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let [last, longest] = [started, 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  await work();
  clearInterval(timer);
  const ended = performance.now();
  return Math.max(longest, ended - last) / (ended - started);
}

describe("a long migration", () => {
  it("is planned as a short one is", async () => {
    const sql = `${row.repeat(1_500)}create index concurrently i on app.t (id);\n${row}-- The end.\n`;
    const source = sourceOf(sql);
    const read = await readStatements(source);
    const planned = await planMigration(source, undefined);
    expect(planned.statements).toEqual(read.map(({ statement }) => statement));
    expect(planned.steps.map(({ kind }) => kind)).toEqual(["transaction", "alone", "transaction"]);
    expect(planned.steps[1]).toMatchObject({ statement: planned.statements[1_500] });
  });

  it("is refused with the place and its line", async () => {
    const source = sourceOf(`${row.repeat(1_500)}rollback;\n`);
    const [here, aside] = await Promise.allSettled([
      readStatements(source),
      planMigration(source, undefined),
    ]);
    expect(here).toMatchObject({ status: "rejected", reason: { code: "transaction_control_refused" } });
    expect(aside).toEqual(here);
    expect(aside).toMatchObject({ reason: { details: { line: 1_501 } } });
  });

  it("leaves the event loop to others: 10 MB in 50,000 statements are read elsewhere", async () => {
    const padded = row.padEnd(198, "-").concat("\n");
    const sql = padded.repeat(49_999).concat("select 1;\n");
    expect(sql.length).toBeGreaterThan(9_900_000);
    let count = 0;
    const halt = await longestHaltOf(async () => {
      count = (await planMigration(sourceOf(sql), undefined)).statements.length;
    });
    expect(count).toBe(50_000);
    // Read here, it is one halt from beginning to end.
    expect(halt).toBeLessThan(0.4);
  });
});
