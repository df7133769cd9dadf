import { classifyStatement, type StatementClass } from "./classify.ts";
import { lex } from "./lex.ts";
import { parseStatements, type Node, type ParsedSql, type ParsedStatement } from "./parse.ts";
import { positionFinder, type LineColumn } from "./position.ts";
import { isCommentOnly, statementsOf, trimmedRange } from "./split.ts";
import { findUnsupportedText, type UnsupportedText } from "./unsupported-text.ts";

/**
 * One element to record, in order. `text` is what the Supabase CLI would record, glued comments included, and begins at
 * UTF-16 offset `start` of the file; `line` and `column` are where its SQL begins, behind the comments.
 */
export type PlannedPiece = LineColumn & { readonly text: string; readonly start: number } & (
    | {
        readonly kind: "statement";
        readonly classification: StatementClass;
        readonly node: Node;
        /** UTF-16 offset in the file where the SQL begins, behind the comments. */
        readonly bodyStart: number;
      }
    | { readonly kind: "comment" }
  );

export type PlannedStatements =
  | { readonly kind: "planned"; readonly pieces: readonly PlannedPiece[] }
  | { readonly kind: "unsupported"; readonly found: readonly UnsupportedText[] }
  | Exclude<ParsedSql, { readonly kind: "parsed" | "unreadable_text" }>;

type Piece = { readonly text: string; readonly start: number; readonly end: number };

/** Turns a migration's SQL into the statements to run and the elements to record, or says why it cannot be run. */
export async function planStatements(sql: string): Promise<PlannedStatements> {
  const found = findUnsupportedText(sql);
  if (found.length > 0) return { kind: "unsupported", found };
  const pieces = statementsOf(sql, lex(sql));
  const parsed = await parseStatements(withPlainGaps(sql, pieces));
  if (parsed.kind === "unreadable_text") return { kind: "unsupported", found: [parsed.found] };
  if (parsed.kind !== "parsed") return parsed;
  return {
    kind: "planned",
    pieces: classifyPieces(sql, agreeOnStatements(sql, pieces, parsed.statements), parsed.statements),
  };
}

/** The pieces as split, or cut at the parser's boundaries where the two do not see the same statements. */
export function agreeOnStatements(
  sql: string,
  pieces: readonly Piece[],
  parsed: readonly ParsedStatement[],
): readonly Piece[] {
  const withSql = pieces.filter((piece) => !isCommentOnly(piece.text));
  const agrees =
    withSql.length === parsed.length && withSql.every((piece, index) => startsInside(parsed[index], piece));
  return agrees ? pieces : cutAtParsed(sql, parsed);
}

function startsInside(statement: ParsedStatement | undefined, piece: Piece): boolean {
  return statement !== undefined && statement.start >= piece.start && statement.start < piece.end;
}

function cutAtParsed(sql: string, parsed: readonly ParsedStatement[]): readonly Piece[] {
  const ends = parsed.map((statement) => {
    const next = sql.slice(statement.end).search(/\S/);
    return next >= 0 && sql[statement.end + next] === ";" ? statement.end + next + 1 : statement.end;
  });
  return [...ends, sql.length].flatMap((end, index) => {
    const { start, end: trimmedEnd } = trimmedRange(sql, ends[index - 1] ?? 0, end);
    return start < trimmedEnd ? [{ text: sql.slice(start, trimmedEnd), start, end: trimmedEnd }] : [];
  });
}

/** Between statements the CLI trims more kinds of space than PostgreSQL knows; blanking them keeps every UTF-16 offset. */
function withPlainGaps(sql: string, pieces: readonly Piece[]): string {
  let text = "";
  let from = 0;
  for (const piece of pieces) {
    text += blankGap(sql.slice(from, piece.start)) + piece.text;
    from = piece.end;
  }
  return text + blankGap(sql.slice(from));
}

function blankGap(gap: string): string {
  return gap.replace(/[^\S\n]/g, " ");
}

function classifyPieces(
  sql: string,
  pieces: readonly Piece[],
  parsed: readonly ParsedStatement[],
): readonly PlannedPiece[] {
  const positionOf = positionFinder(sql);
  let next = 0;
  return pieces.map((piece) => {
    const statement = parsed[next];
    const { text, start } = piece;
    if (!startsInside(statement, piece) || statement === undefined)
      return { kind: "comment", text, start, ...positionOf(start) };
    next += 1;
    return {
      kind: "statement",
      text,
      start,
      ...positionOf(statement.start),
      classification: classifyStatement(statement),
      node: statement.node,
      bodyStart: statement.start,
    };
  });
}
