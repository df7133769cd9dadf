import { expect, test } from "vitest";
import { runBackfill } from "./backfill.ts";

test("a backfill of 20,000 rows that is killed twice goes on, does each row once, and holds no lock over its budget", async () => {
  const order = { rows: 20_000, kills: 2, batchSize: 1_000, budgetMs: 5_000 };
  const { killedAt, report, longestLockMs, looks } = await runBackfill(order);
  expect(killedAt).toEqual(killedAt.toSorted((a, b) => a - b));
  expect(killedAt.every((done) => done > 0 && done < order.rows)).toBe(true);
  expect(report).toMatchObject({
    status: "completed",
    progress: { rows_done: order.rows, rows_total: order.rows },
    rows_affected: order.rows,
    tables: [{ table: "public.big", updated: order.rows }],
  });
  expect(looks).toBeGreaterThan(0);
  expect(longestLockMs).toBeLessThan(order.budgetMs);
});
