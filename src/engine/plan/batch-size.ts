/** The share of a batch's budget that one statement may take; the rest is for what the transaction does around it. */
const statementShare = 0.6;
/** A batch that took more of its budget than this is followed by a smaller one, one that took less by a larger one. */
const tooLong = 0.4;
const veryShort = 0.15;

/** What the statement of a batch may take, in milliseconds. */
export function statementLimitMs(budgetMs: number): number {
  return Math.max(1, Math.floor(budgetMs * statementShare));
}

/** The size of the batch after one that took so long; never above the size that was asked for. */
export function nextBatchSize(batch: {
  readonly size: number;
  readonly durationMs: number;
  readonly budgetMs: number;
  readonly largest: number;
}): number {
  const { size, durationMs, budgetMs, largest } = batch;
  if (durationMs > budgetMs * tooLong) return smallerBatch(size);
  if (durationMs < budgetMs * veryShort) return Math.min(largest, Math.ceil(size * 1.5));
  return Math.min(largest, size);
}

/** The size to try after a batch that ran out of its time. */
export function smallerBatch(size: number): number {
  return Math.max(1, Math.floor(size / 2));
}
