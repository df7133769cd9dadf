import type { QueryValue } from "../ports.ts";

type ParseValue = (text: string) => unknown;

/** A value from its text form: booleans, integers up to 4 bytes, floats and JSON as JavaScript values, all else as it is. */
export function parseValue(typeOid: number, text: string | null): unknown {
  if (text === null) return null;
  const parse = parsers.get(typeOid);
  return parse === undefined ? text : parse(text);
}

/** A parameter in the text form that Postgres reads; arrays as an array literal. */
export function formatParameter(value: QueryValue): string | null {
  if (value === null) return null;
  return typeof value === "object" ? formatTextArray(value) : String(value);
}

/** JSON has no NaN and no infinity, so that these stay the text that Postgres prints. */
function parseFloatText(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** Type OIDs of pg_type.dat. */
const parsers: ReadonlyMap<number, ParseValue> = new Map<number, ParseValue>([
  [16, (text) => text === "t"],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, parseFloatText],
  [701, parseFloatText],
  [114, JSON.parse],
  [3802, JSON.parse],
]);

function formatTextArray(items: readonly (string | null)[]): string {
  const quoted = items.map((item) => (item === null ? "NULL" : `"${item.replace(/["\\]/g, "\\$&")}"`));
  return `{${quoted.join(",")}}`;
}
