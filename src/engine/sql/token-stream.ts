import { createHash } from "node:crypto";
import { foldWord, isBlank, lex, type Token } from "./lex.ts";
import { statementsOf } from "./split.ts";

const FLUSH_AT_CODE_UNITS = 65_536;

/**
 * The sha256 (hex) of what SQL says: comments, whitespace, semicolons and the case of unquoted words do not count.
 * An array is read element by element, so a recorded row of one statement or of many has the fingerprint of its file.
 */
export function sqlFingerprint(sql: string | readonly string[]): string {
  const texts = typeof sql === "string" ? [sql] : sql;
  const key = digestOf(texts);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  return remember(key, computeFingerprint(texts));
}

/** True where asking for the fingerprint of this text takes no lexing. */
export function isFingerprintKnown(sql: string): boolean {
  return remembered.has(digestOf([sql]));
}

/** Takes over a fingerprint that `sqlFingerprint` has computed elsewhere. */
export function rememberFingerprint(sql: string, fingerprint: string): void {
  remember(digestOf([sql]), fingerprint);
}

function remember(key: string, fingerprint: string): string {
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(key, fingerprint);
  return fingerprint;
}

// Every call reads folder and history anew, and nearly all of their SQL is what it was: a digest is ten times as fast as lexing.
const remembered = new Map<string, string>();
const MOST_REMEMBERED = 50_000;

function digestOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest("base64");
}

function computeFingerprint(texts: readonly string[]): string {
  const hash = createHash("sha256");
  let pending = "";
  for (const text of texts) {
    for (const token of significantTexts(text)) {
      pending += `${token.length}:${token}`;
      if (pending.length < FLUSH_AT_CODE_UNITS) continue;
      hash.update(pending);
      pending = "";
    }
  }
  return hash.update(pending).digest("hex");
}

/** The tokens that `sqlFingerprint` compares, in their canonical spelling. */
export function significantTexts(sql: string): readonly string[] {
  const tokens = lex(sql);
  const texts: string[] = [];
  let next = 0;
  for (const statement of statementsOf(sql, tokens)) {
    for (; next < tokens.length; next += 1) {
      const token = tokens[next];
      if (token === undefined || token.start >= statement.end) break;
      const text = canonicalText(sql, token, statement);
      if (text !== "") texts.push(text);
    }
  }
  return texts;
}

/** A word may reach into the trimmed edge of its statement, where the CLI strips a no-break space that PostgreSQL would keep. */
function canonicalText(
  sql: string,
  token: Token,
  statement: { readonly start: number; readonly end: number },
): string {
  if (isBlank(token)) return "";
  const text = sql.slice(Math.max(token.start, statement.start), Math.min(token.end, statement.end));
  if (token.kind === "word") return foldWord(text);
  // psql's `\;` counts as a semicolon, of which recording may have stripped the second half.
  if (text === ";" || text === "\\;" || text === "\\") return "";
  if (!token.isTerminated) return withoutEdge(text);
  return text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
}

/** A literal that never ends takes the end of its text with it, which each recording trims again. */
function withoutEdge(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ";" || text.charAt(end - 1).trim() === "")) end -= 1;
  return text.slice(0, end).replaceAll("\r\n", "\n");
}
