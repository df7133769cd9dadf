import { foldWord, isBlank, lex, type Token } from "./lex.ts";
import { positionFinder } from "./position.ts";

/** One element as the Supabase CLI records it; `line` and `column` are those of `start`, comments included. */
export type Statement = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
};

export type TransactionMode = "transactional" | "none";

const NO_TRANSACTION_LINE = "-- pg-delta: transaction=false";

/**
 * Splits SQL as Supabase CLI 3.1.0 does when it fills `schema_migrations.statements`: at top-level semicolons,
 * comments kept, edges trimmed. Where the CLI cuts valid SQL apart, it stays whole (docs/decisions/0003).
 */
export function splitStatements(sql: string): readonly Statement[] {
  return statementsOf(sql, lex(sql));
}

/** As `splitStatements`, for a text that has been lexed already. */
export function statementsOf(sql: string, tokens: readonly Token[]): readonly Statement[] {
  const positionOf = positionFinder(sql);
  const statements: Statement[] = [];
  let from = 0;
  for (const cut of [...cutsOf(sql, tokens), sql.length]) {
    const range = trimmedRange(sql, from, cut);
    if (range.start < range.end) {
      statements.push({ text: sql.slice(range.start, range.end), ...range, ...positionOf(range.start) });
    }
    from = cut;
  }
  return statements;
}

/** True when the text holds nothing that PostgreSQL would run. */
export function isCommentOnly(text: string): boolean {
  const { start, end } = trimmedRange(text, 0, text.length);
  return lex(text.slice(start, end)).every(isBlank);
}

/** How the CLI runs the file: its marker counts only as the exact first line, after a byte order mark at most. */
export function transactionMode(sql: string): TransactionMode {
  const text = sql.startsWith("\ufeff") ? sql.slice(1) : sql;
  const firstLine = text.split("\n", 1)[0] ?? "";
  return firstLine.replace(/\r$/, "") === NO_TRANSACTION_LINE ? "none" : "transactional";
}

/** Narrows a range as the CLI does: trailing semicolons first, then what `String.trim` takes from both ends. */
export function trimmedRange(
  sql: string,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  let end = to;
  while (end > from && sql[end - 1] === ";") end -= 1;
  const text = sql.slice(from, end);
  const start = from + (text.length - text.trimStart().length);
  return { start, end: Math.max(start, from + text.trimEnd().length) };
}

/** The offsets just behind each top-level semicolon. */
function cutsOf(sql: string, tokens: readonly Token[]): readonly number[] {
  const cuts: number[] = [];
  let openParentheses = 0;
  let openBlocks = 0;
  let previous = "";
  for (const token of tokens) {
    if (isBlank(token)) continue;
    const text = token.kind === "punctuation" || token.kind === "word" ? shortText(sql, token) : "";
    if (text === "(") openParentheses += 1;
    else if (text === ")") openParentheses = Math.max(0, openParentheses - 1);
    else if (text === ";" && openParentheses === 0 && openBlocks === 0) cuts.push(token.end);
    else openBlocks += blockDepthChange({ text, previous, openBlocks });
    previous = text;
  }
  return cuts;
}

/** Follows `begin atomic … end` with the `case … end` inside; a name after `.` or `as` is no keyword. */
function blockDepthChange(at: {
  readonly text: string;
  readonly previous: string;
  readonly openBlocks: number;
}): number {
  if (at.openBlocks === 0) return at.text === "atomic" && at.previous === "begin" ? 1 : 0;
  if (at.previous === "." || at.previous === "as") return 0;
  if (at.text === "case") return 1;
  return at.text === "end" ? -1 : 0;
}

const LONGEST_KEYWORD = "atomic".length;

function shortText(sql: string, token: Token): string {
  if (token.end - token.start > LONGEST_KEYWORD) return "";
  return foldWord(sql.slice(token.start, token.end));
}
