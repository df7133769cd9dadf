import type { Node } from "libpg-query";
import { isBlank, lex, type Token } from "./lex.ts";
import { byteOffsetFinder, offsetOfCodePoint, positionFinder, type LineColumn } from "./position.ts";
import { findUnreadableCharacter, type UnsupportedText } from "./unsupported-text.ts";

export type * from "libpg-query";

/** One statement without the comments before it; offsets are UTF-16, `end` is exclusive and leaves the semicolon out. */
export type ParsedStatement = LineColumn & {
  readonly node: Node;
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

export type SqlSyntaxError = LineColumn & {
  readonly kind: "syntax_error";
  readonly message: string;
  readonly offset: number;
};

export type SqlTooLarge = {
  readonly kind: "too_large";
  readonly measure: "bytes" | "statements" | "nesting";
  readonly limit: number;
  readonly actual: number;
};

export type ParsedSql =
  | { readonly kind: "parsed"; readonly statements: readonly ParsedStatement[] }
  | { readonly kind: "unreadable_text"; readonly found: UnsupportedText }
  | SqlSyntaxError
  | SqlTooLarge;

/** Measured: 10 MB in 200,000 statements take libpg-query 4 s and 560 MB. */
export const LARGEST_SQL_BYTES = 10 * 1024 * 1024;
export const MOST_STATEMENTS = 50_000;

/** Measured: from about 10,000 chained operators libpg-query overruns its stack, and after many such runs it hangs. */
export const DEEPEST_NESTING = 4_000;

/** Parses SQL with PostgreSQL's own grammar; a byte order mark at the start is skipped. Never throws on any text. */
export async function parseStatements(sql: string): Promise<ParsedSql> {
  const refusal = refuseUnparsable(sql);
  if (refusal !== undefined) return refusal;
  const text = sql.startsWith("\ufeff") ? ` ${sql.slice(1)}` : sql;
  if (text.trim() === "") return { kind: "parsed", statements: [] };
  const { parse, hasSqlDetails } = await import("libpg-query");
  try {
    return { kind: "parsed", statements: locateStatements(text, (await parse(text)).stmts ?? []) };
  } catch (error) {
    if (error instanceof RangeError)
      return {
        kind: "too_large",
        measure: "nesting",
        limit: DEEPEST_NESTING,
        actual: nestingOf(sql, lex(sql)),
      };
    if (!hasSqlDetails(error)) throw error;
    return syntaxError(text, error.message, error.sqlDetails?.cursorPosition ?? 0);
  }
}

function refuseUnparsable(sql: string): ParsedSql | undefined {
  const bytes = Buffer.byteLength(sql);
  if (bytes > LARGEST_SQL_BYTES)
    return { kind: "too_large", measure: "bytes", limit: LARGEST_SQL_BYTES, actual: bytes };
  const unreadable = findUnreadableCharacter(sql);
  if (unreadable !== undefined) return { kind: "unreadable_text", found: unreadable };
  const tokens = lex(sql);
  const statements = countStatements(sql, tokens);
  if (statements > MOST_STATEMENTS)
    return { kind: "too_large", measure: "statements", limit: MOST_STATEMENTS, actual: statements };
  const nesting = nestingOf(sql, tokens);
  if (nesting > DEEPEST_NESTING)
    return { kind: "too_large", measure: "nesting", limit: DEEPEST_NESTING, actual: nesting };
  return undefined;
}

function countStatements(sql: string, tokens: readonly Token[]): number {
  let statements = 0;
  let isEmpty = true;
  for (const token of tokens) {
    if (isBlank(token)) continue;
    const isEnd = token.kind === "punctuation" && sql[token.start] === ";";
    if (!isEnd && isEmpty) statements += 1;
    isEmpty = isEnd;
  }
  return statements;
}

/** Words that make PostgreSQL's tree one level deeper for each time they stand in a row of terms. */
const NESTING_WORDS =
  /^(?:not|case|union|except|intersect|join|is|isnull|notnull|collate|zone|else|select|between|like|in)$/i;
/** Words that begin a new term of a flat list. */
const FLAT_WORDS = /^(?:and|or)$/i;
const LONGEST_NESTING_WORD = "intersect".length;

/** An upper bound of the depth of the parse tree: open parentheses, and the operators in a row around and in them. */
function nestingOf(sql: string, tokens: readonly Token[]): number {
  const outer: number[] = [];
  let open = 0;
  let here = 0;
  let deepest = 0;
  for (const token of tokens) {
    if (isBlank(token)) continue;
    const text = token.end - token.start > LONGEST_NESTING_WORD ? "" : sql.slice(token.start, token.end);
    if (text === ";") {
      outer.length = 0;
      open = 0;
      here = 0;
    } else if (text === "(" || text === "[") {
      outer.push(here);
      open += here;
      here = 0;
    } else if (text === ")" || text === "]") {
      here = outer.pop() ?? 0;
      open -= here;
    } else if (text === "," || (token.kind === "word" && FLAT_WORDS.test(text))) here = 0;
    else if (
      token.kind === "operator" ||
      text === "::" ||
      (token.kind === "word" && NESTING_WORDS.test(text))
    )
      here += 1;
    deepest = Math.max(deepest, outer.length + open + here);
  }
  return deepest;
}

type RawStatement = { readonly stmt?: Node; readonly stmt_location?: number; readonly stmt_len?: number };

function locateStatements(sql: string, raw: readonly RawStatement[]): readonly ParsedStatement[] {
  const offsetOf = byteOffsetFinder(sql);
  const positionOf = positionFinder(sql);
  const statements: ParsedStatement[] = [];
  for (const { stmt, stmt_location = 0, stmt_len = 0 } of raw) {
    if (stmt === undefined) continue;
    const start = offsetOf(stmt_location);
    const end = stmt_len === 0 ? sql.length : offsetOf(stmt_location + stmt_len);
    const text = sql.slice(start, end).trimEnd();
    statements.push({ node: stmt, text, start, end: start + text.length, ...positionOf(start) });
  }
  return statements;
}

/** libpg-query counts code points from 0, where PostgreSQL counts them from 1. */
function syntaxError(sql: string, message: string, codePoint0Based: number): SqlSyntaxError {
  const offset = offsetOfCodePoint(sql, codePoint0Based + 1);
  return { kind: "syntax_error", message, offset, ...positionFinder(sql)(offset) };
}
