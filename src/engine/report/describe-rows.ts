import type { Row } from "../ports.ts";

/** Characters of one value in an answer. */
const longestValue = 4000;
/** What is left of a value however many columns a row has. */
const shortestValue = 20;

export interface DescribedRows {
  readonly rows: readonly Row[];
  /** How many values were cut. */
  readonly cutValues: number;
}

/** Rows with values short enough that one row alone stays below `maxCharacters`; a cut value ends in an ellipsis and its full length. */
export function describeRows(rows: readonly Row[], maxCharacters: number): DescribedRows {
  let cutValues = 0;
  const columns = Object.keys(rows[0] ?? {}).length;
  const longest = Math.max(
    shortestValue,
    Math.min(longestValue, Math.floor(maxCharacters / Math.max(columns, 1))),
  );
  const cut = (value: unknown): unknown => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (text === undefined || text.length <= longest) return value;
    cutValues += 1;
    return `${text.slice(0, longest)}… (${text.length} characters)`;
  };
  const described = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cut(value)])),
  );
  return { rows: described, cutValues };
}
