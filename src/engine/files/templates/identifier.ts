import { quoteIdentifier } from "../../sql/quote.ts";

/** PostgreSQL cuts longer identifiers (NAMEDATALEN - 1). */
const longestIdentifier = 63;

/** Words that no column or table can be named without quotes: reserved ones and type or function names (PostgreSQL 18, appendix C). */
const reservedWords: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column " +
    "concurrently constraint create cross current_catalog current_date current_role current_schema current_time " +
    "current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from " +
    "full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime " +
    "localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning " +
    "right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user " +
    "using variadic verbose when where window with"
  ).split(" "),
);

/** A name as SQL: quoted where it would not survive bare. */
export function toIdentifier(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name);
  return isPlain ? name : quoteIdentifier(name);
}

/** True where PostgreSQL takes the whole name. */
export function fitsIdentifier(name: string): boolean {
  return Buffer.byteLength(name) <= longestIdentifier;
}

/** A name made of others, with the last part whole and the rest cut to what PostgreSQL takes. */
export function joinName(stem: string, suffix: string): string {
  const room = longestIdentifier - Buffer.byteLength(suffix) - 1;
  let kept = "";
  for (const character of stem) {
    if (Buffer.byteLength(kept + character) > room) break;
    kept += character;
  }
  return `${kept}_${suffix}`;
}
