import { expect, it } from "vitest";
import { nextBatchSize, smallerBatch, statementLimitMs } from "../../../src/engine/plan/batch-size.ts";

const after = (size: number, durationMs: number) =>
  nextBatchSize({ size, durationMs, budgetMs: 1000, largest: 100 });

it("halves a batch that took much of its budget, and never goes below one row", () => {
  expect([after(100, 500), after(3, 999), after(1, 999)]).toEqual([50, 1, 1]);
  expect(smallerBatch(1)).toBe(1);
});

it("grows again after short batches, and never above the size that was asked for", () => {
  expect([after(50, 10), after(90, 10), after(100, 10), after(1, 10)]).toEqual([75, 100, 100, 2]);
});

it("keeps the size between", () => {
  expect([after(40, 200), after(40, 399)]).toEqual([40, 40]);
});

it("leaves a part of the budget to the commit", () => {
  expect(statementLimitMs(1000)).toBe(600);
});
