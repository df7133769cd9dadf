import { expect, test } from "vitest";
import { runBackfill } from "../engine/backfill.ts";

test("a backfill of 1,000,000 rows that is killed five times goes on, does each row once, and holds no lock over its budget", async () => {
  const order = { rows: 1_000_000, kills: 5, batchSize: 20_000, budgetMs: 2_000 };
  const { killedAt, report, longestLockMs, looks, durationMs } = await runBackfill(order);
  console.log(
    `killed at ${killedAt.join(", ")} rows; ${report.progress?.batches ?? 0} batches in ${Math.round(durationMs / 1000)} s; ` +
      `the longest lock seen ${Math.round(longestLockMs)} ms of ${order.budgetMs} in ${looks} looks`,
  );
  expect(killedAt.every((done) => done > 0 && done < order.rows)).toBe(true);
  expect(report).toMatchObject({
    status: "completed",
    progress: { rows_done: order.rows, rows_total: order.rows },
    rows_affected: order.rows,
  });
  expect(looks).toBeGreaterThan(0);
  expect(longestLockMs).toBeLessThan(order.budgetMs);
});
