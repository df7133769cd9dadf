import { EngineError } from "../errors.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** How many there are before, on and behind this page. */
  readonly total: number;
  readonly nextCursor: string | undefined;
}

export interface PageOrder {
  readonly limit: number;
  /** Length of the items as JSON, in characters; a single item may be longer. */
  readonly maxCharacters: number;
  readonly cursor: string | undefined;
}

/** One page from the end backwards: without a cursor the last items, with one those before it; in their order. */
export function lastPage<T>(items: readonly T[], order: PageOrder): Page<T> {
  const end = order.cursor === undefined ? items.length : readCursor(order.cursor, "before");
  const candidates = items.slice(Math.max(0, end - order.limit), end);
  const start = end - countFitting(candidates.toReversed(), order.maxCharacters);
  const nextCursor = start > 0 ? `before:${start}` : undefined;
  return { items: items.slice(start, end), total: items.length, nextCursor };
}

/** One page from the beginning forwards. */
export function firstPage<T>(items: readonly T[], order: PageOrder): Page<T> {
  const start = order.cursor === undefined ? 0 : readCursor(order.cursor, "from");
  const candidates = items.slice(start, start + order.limit);
  const end = start + countFitting(candidates, order.maxCharacters);
  const nextCursor = end < items.length ? `from:${end}` : undefined;
  return { items: items.slice(start, end), total: items.length, nextCursor };
}

/** How many items from the first on are no longer than this together, as JSON; one at least where there is one. */
export function countFitting(items: readonly unknown[], maxCharacters: number): number {
  let characters = 0;
  const over = items.findIndex((item) => {
    characters += JSON.stringify(item).length + 1;
    return characters > maxCharacters;
  });
  return over === -1 ? items.length : Math.max(over, 1);
}

function readCursor(cursor: string, direction: "before" | "from"): number {
  const [, word, digits] = /^(before|from):([0-9]{1,9})$/.exec(cursor) ?? [];
  if (word === direction) return Number(digits);
  throw new EngineError(
    "invalid_cursor",
    `${JSON.stringify(cursor.slice(0, 60))} is not a cursor that this tool answered.`,
  );
}
