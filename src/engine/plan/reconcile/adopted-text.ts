import { lex } from "../../sql/lex.ts";
import { isCommentOnly } from "../../sql/split.ts";
import { sqlFingerprint } from "../../sql/token-stream.ts";

/**
 * The text of a file that says what these recorded statements say, joined as the Supabase CLI's `migration fetch` does, except where that
 * would put a semicolon into a comment. Undefined where no text does, such as an element that ends inside a literal.
 */
export function adoptedText(statements: readonly string[]): string | undefined {
  const texts = statements.filter((statement) => statement.trim() !== "");
  const joined = texts.map(withEnd).join("");
  const text = joined.startsWith("\uFEFF") ? joined.slice(1) : joined;
  return sqlFingerprint(text) === sqlFingerprint(statements) ? text : undefined;
}

/** A row that the Management API wrote is one element with its own semicolons; a comment that ends the file needs none. */
function withEnd(statement: string): string {
  if (isCommentOnly(statement)) return `${statement}\n`;
  if (endsInLineComment(statement)) return `${statement}\n;\n`;
  return statement.trimEnd().endsWith(";") ? `${statement}\n` : `${statement};\n`;
}

function endsInLineComment(statement: string): boolean {
  const last = lex(statement).at(-1);
  if (last === undefined) return false;
  const text = statement.slice(last.start, last.end);
  return text.startsWith("--") && !text.endsWith("\n");
}
