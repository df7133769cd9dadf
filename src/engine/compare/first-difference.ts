import { foldWord, isBlank, lex } from "../sql/lex.ts";
import { positionFinder } from "../sql/position.ts";
import { splitStatements } from "../sql/split.ts";

const longestExcerpt = 120;

/** Where a file's SQL departs from what was recorded for it. The recorded text comes from the database: fence it. */
export interface FirstDifference {
  /** One-based, in the file; the last one where the file ends before the recorded SQL does. */
  readonly statement: number;
  /** One-based. */
  readonly line: number;
  /** One-based, in code points. */
  readonly column: number;
  /** One line from the differing token on, 120 characters at most; empty where the file's SQL has ended. */
  readonly fileSql: string;
  /** The same of the recorded SQL. */
  readonly recordedSql: string;
}

interface PlacedToken {
  readonly text: string;
  readonly start: number;
}

/** The first token in which a file and its recorded statements differ; undefined where comments and white space only do. */
export function firstDifference(sql: string, statements: readonly string[]): FirstDifference | undefined {
  const recordedText = statements.join("\n;\n");
  const own = significantTokens(sql);
  const recorded = significantTokens(recordedText);
  const length = Math.max(own.length, recorded.length);
  for (let index = 0; index < length; index += 1) {
    if (own[index]?.text === recorded[index]?.text) continue;
    const offset = own[index]?.start ?? endOf(own.at(-1));
    return {
      statement: statementAt(sql, offset),
      ...positionFinder(sql)(offset),
      fileSql: excerpt(sql, own[index]),
      recordedSql: excerpt(recordedText, recorded[index]),
    };
  }
  return undefined;
}

/** The tokens that `sqlFingerprint` compares, in the same spelling, with their places. */
function significantTokens(sql: string): readonly PlacedToken[] {
  return lex(sql).flatMap((token) => {
    const text = sql.slice(token.start, token.end);
    if (isBlank(token) || text === ";") return [];
    const spelling = token.kind === "word" ? foldWord(text) : text.replaceAll("\r\n", "\n");
    return [{ text: spelling, start: token.start }];
  });
}

function endOf(token: PlacedToken | undefined): number {
  return token === undefined ? 0 : token.start + token.text.length;
}

function statementAt(sql: string, offset: number): number {
  const statements = splitStatements(sql);
  const index = statements.findIndex(({ end }) => offset < end);
  return index < 0 ? Math.max(statements.length, 1) : index + 1;
}

function excerpt(sql: string, token: PlacedToken | undefined): string {
  if (token === undefined) return "";
  const line = sql
    .slice(token.start, token.start + 4 * longestExcerpt)
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length <= longestExcerpt ? line : `${characters.slice(0, longestExcerpt - 1).join("")}…`;
}
