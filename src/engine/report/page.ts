import { EngineError } from "../errors.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** How many there are before and behind this page. */
  readonly total: number;
  readonly nextCursor: string | undefined;
}

/** One page from the end backwards: without a cursor the last items, with one those before it; in their order. */
export function lastPage<T>(items: readonly T[], limit: number, cursor: string | undefined): Page<T> {
  const end = cursor === undefined ? items.length : readCursor(cursor, "before");
  const start = Math.max(0, end - limit);
  const nextCursor = start > 0 ? `before:${start}` : undefined;
  return { items: items.slice(start, end), total: items.length, nextCursor };
}

/** One page from the beginning forwards. */
export function firstPage<T>(items: readonly T[], limit: number, cursor: string | undefined): Page<T> {
  const start = cursor === undefined ? 0 : readCursor(cursor, "from");
  const end = start + limit;
  const nextCursor = end < items.length ? `from:${end}` : undefined;
  return { items: items.slice(start, end), total: items.length, nextCursor };
}

function readCursor(cursor: string, direction: "before" | "from"): number {
  const [, word, digits] = /^(before|from):([0-9]{1,9})$/.exec(cursor) ?? [];
  if (word === direction) return Number(digits);
  throw new EngineError(
    "invalid_cursor",
    `${JSON.stringify(cursor)} is not a cursor that this tool answered.`,
  );
}
