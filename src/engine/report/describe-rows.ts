import type { Row } from "../ports.ts";

/** Characters of one value in an answer. */
const longestValue = 4000;

export interface DescribedRows {
  readonly rows: readonly Row[];
  /** How many values were cut. */
  readonly cutValues: number;
}

/** Rows with values short enough to be read; a cut value ends in an ellipsis and its full length. */
export function describeRows(rows: readonly Row[]): DescribedRows {
  let cutValues = 0;
  const cut = (value: unknown): unknown => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (text === undefined || text.length <= longestValue) return value;
    cutValues += 1;
    return `${text.slice(0, longestValue)}… (${text.length} characters)`;
  };
  const described = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cut(value)])),
  );
  return { rows: described, cutValues };
}
