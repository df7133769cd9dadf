/** Types that convert into each other by a cast of their own, by the name without modifier. */
const families: readonly ReadonlySet<string>[] = [
  new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision", "money"]),
  new Set(["timestamp without time zone", "timestamp with time zone", "date"]),
  new Set(["time without time zone", "time with time zone", "interval"]),
  new Set(["json", "jsonb"]),
  new Set(["inet", "cidr"]),
  new Set(["bit", "bit varying"]),
  new Set(["integer", "boolean"]),
  new Set(["xml", "text"]),
];

const texts: ReadonlySet<string> = new Set([
  "text",
  "character varying",
  "character",
  "name",
  '"char"',
  "citext",
]);

/** A USING clause, and whether it can be trusted with any value. */
export interface Conversion {
  readonly sql: string;
  readonly isSafe: boolean;
}

/** How a column's values become another type. */
export function convertType(conversion: {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly throughText: boolean;
}): Conversion {
  const { column, from, to, throughText } = conversion;
  const [before, after] = [bareType(from), bareType(to)];
  if (throughText) return { sql: ` using ${column}::text${arrayOf(from)}::${to}`, isSafe: true };
  if (before === after) return { sql: "", isSafe: true };
  const direct =
    texts.has(before) ||
    texts.has(after) ||
    families.some((family) => family.has(before) && family.has(after));
  if (direct) return { sql: ` using ${column}::${to}`, isSafe: texts.has(after) || !texts.has(before) };
  return { sql: ` using ${column}::text${bothArrays(from, to)}::${to}`, isSafe: false };
}

function bareType(type: string): string {
  return type.replace(/\([^)]*\)/, "");
}

function arrayOf(type: string): string {
  return type.endsWith("[]") ? "[]" : "";
}

function bothArrays(from: string, to: string): string {
  return from.endsWith("[]") && to.endsWith("[]") ? "[]" : "";
}
