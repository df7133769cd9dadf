export type TokenKind =
  | "whitespace"
  | "comment"
  | "word"
  | "quoted_identifier"
  | "string"
  | "dollar_string"
  | "number"
  | "parameter"
  | "operator"
  | "punctuation"
  | "meta_command";

/** One lexical element of SQL text; `start` and `end` are UTF-16 offsets, `end` exclusive. */
export type Token = {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly isTerminated: boolean;
};

type StringStyle = "standard" | "escape";

type Scanned = {
  readonly kind: TokenKind;
  readonly end: number;
  readonly isTerminated?: boolean;
  readonly stringStyle?: StringStyle;
};

/**
 * Cuts any text into PostgreSQL's tokens (scan.l of PostgreSQL 18) in linear time.
 * Never throws: tokens join up to the whole text, and an unterminated literal or comment runs to the end.
 */
export function lex(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let continued: StringStyle | undefined;
  let hasLineBreak = false;
  let isAtEdge = true;
  let at = 0;
  while (at < sql.length) {
    const edgeEnd = isAtEdge ? endOfTrimmed(sql, at) : at;
    const found: Scanned =
      edgeEnd > at
        ? { kind: "whitespace", end: edgeEnd }
        : scanToken(sql, at, hasLineBreak ? continued : undefined);
    isAtEdge = sql.charCodeAt(at) === SEMICOLON && found.kind === "punctuation";
    tokens.push({ kind: found.kind, start: at, end: found.end, isTerminated: found.isTerminated ?? true });
    if (found.kind === "whitespace") {
      hasLineBreak ||= continued !== undefined && containsLineBreak(sql, at, found.end);
    } else if (found.kind !== "comment" || sql.charCodeAt(at) !== DASH) {
      continued = found.stringStyle;
      hasLineBreak = false;
    }
    at = found.end;
  }
  return tokens;
}

/** True for the tokens that PostgreSQL's grammar never sees. */
export function isBlank(token: Token): boolean {
  return token.kind === "whitespace" || token.kind === "comment";
}

/** Folds an unquoted word as PostgreSQL does in UTF-8: ASCII letters only. */
export function foldWord(word: string): string {
  return HAS_CAPITAL.test(word) ? word.replace(CAPITALS, (letters) => letters.toLowerCase()) : word;
}

const HAS_CAPITAL = /[A-Z]/;
const CAPITALS = /[A-Z]+/g;

const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const BACKSLASH = 92;
const DOLLAR = 36;
const DASH = 45;
const SLASH = 47;
const STAR = 42;
const PLUS = 43;
const DOT = 46;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;

const SPACE = 1;
const WORD_START = 2;
const DIGIT = 4;
const OPERATOR = 8;
const KEEPS_SIGNS = 16;
const CLASSES = asciiClasses();

/** PostgreSQL refuses longer operators (NAMEDATALEN - 1); the cap keeps a run of signs linear. */
const LONGEST_OPERATOR = 63;
const NUMBER =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;

function scanToken(sql: string, at: number, continued: StringStyle | undefined): Scanned {
  const code = sql.charCodeAt(at);
  if (isSpace(code)) return { kind: "whitespace", end: endOfSpaces(sql, at + 1) };
  if (code === QUOTE) return scanString(sql, at, continued ?? "standard");
  if (code === DOUBLE_QUOTE) return scanQuotedIdentifier(sql, at);
  if (code === DASH && sql.charCodeAt(at + 1) === DASH) return { kind: "comment", end: endOfLine(sql, at) };
  if (code === SLASH && sql.charCodeAt(at + 1) === STAR) return scanBlockComment(sql, at);
  if (code === DOLLAR) return scanDollar(sql, at);
  if (code === BACKSLASH) return { kind: "meta_command", end: endOfMetaCommand(sql, at) };
  if (isWordStart(code)) return scanWord(sql, at);
  if (isDigit(code) || (code === DOT && isDigit(sql.charCodeAt(at + 1)))) return scanNumber(sql, at);
  if (hasClass(code, OPERATOR)) return { kind: "operator", end: endOfOperator(sql, at) };
  return { kind: "punctuation", end: endOfPunctuation(sql, at) };
}

function scanWord(sql: string, at: number): Scanned {
  const end = endOfWord(sql, at);
  if (end > at + 1) return { kind: "word", end };
  const letter = sql.charAt(at).toLowerCase();
  const next = sql.charCodeAt(end);
  if (next === QUOTE && letter === "e") return scanString(sql, end, "escape");
  if (next === QUOTE && (letter === "b" || letter === "x" || letter === "n"))
    return scanString(sql, end, "standard");
  if (letter === "u" && sql[end] === "&") {
    const quote = sql.charCodeAt(end + 1);
    if (quote === QUOTE) return scanString(sql, end + 1, "standard");
    if (quote === DOUBLE_QUOTE) return scanQuotedIdentifier(sql, end + 1);
  }
  return { kind: "word", end };
}

function scanString(sql: string, quoteAt: number, stringStyle: StringStyle): Scanned {
  for (let at = quoteAt + 1; at < sql.length; at += 1) {
    const code = sql.charCodeAt(at);
    if (code === BACKSLASH && stringStyle === "escape") at += 1;
    else if (code === QUOTE && sql.charCodeAt(at + 1) === QUOTE) at += 1;
    else if (code === QUOTE) return { kind: "string", end: at + 1, stringStyle };
  }
  return { kind: "string", end: sql.length, isTerminated: false };
}

function scanQuotedIdentifier(sql: string, quoteAt: number): Scanned {
  for (let at = quoteAt + 1; at < sql.length; at += 1) {
    if (sql.charCodeAt(at) !== DOUBLE_QUOTE) continue;
    if (sql.charCodeAt(at + 1) !== DOUBLE_QUOTE) return { kind: "quoted_identifier", end: at + 1 };
    at += 1;
  }
  return { kind: "quoted_identifier", end: sql.length, isTerminated: false };
}

function scanBlockComment(sql: string, start: number): Scanned {
  let depth = 1;
  for (let at = start + 2; at < sql.length; at += 1) {
    const code = sql.charCodeAt(at);
    const next = sql.charCodeAt(at + 1);
    if (code === SLASH && next === STAR) depth += 1;
    else if (code === STAR && next === SLASH) depth -= 1;
    else continue;
    if (depth === 0) return { kind: "comment", end: at + 2 };
    at += 1;
  }
  return { kind: "comment", end: sql.length, isTerminated: false };
}

function scanDollar(sql: string, at: number): Scanned {
  if (isDigit(sql.charCodeAt(at + 1))) {
    let end = at + 2;
    while (isDigit(sql.charCodeAt(end))) end += 1;
    return { kind: "parameter", end };
  }
  let tagEnd = at + 1;
  if (isWordStart(sql.charCodeAt(tagEnd))) {
    while (isWordStart(sql.charCodeAt(tagEnd)) || isDigit(sql.charCodeAt(tagEnd))) tagEnd += 1;
  }
  if (sql.charCodeAt(tagEnd) !== DOLLAR) return { kind: "punctuation", end: at + 1 };
  const delimiter = sql.slice(at, tagEnd + 1);
  const closesAt = sql.indexOf(delimiter, tagEnd + 1);
  if (closesAt < 0) return { kind: "dollar_string", end: sql.length, isTerminated: false };
  return { kind: "dollar_string", end: closesAt + delimiter.length };
}

function scanNumber(sql: string, at: number): Scanned {
  NUMBER.lastIndex = at;
  const length = NUMBER.exec(sql)?.[0].length ?? 1;
  return { kind: "number", end: at + length };
}

/** Comments end an operator, and a trailing + or - belongs to it only beside one of ~!@#%^&|`? (scan.l). */
function endOfOperator(sql: string, start: number): number {
  const limit = Math.min(sql.length, start + LONGEST_OPERATOR);
  let end = start;
  let keepsSigns = false;
  while (end < limit && hasClass(sql.charCodeAt(end), OPERATOR)) {
    const code = sql.charCodeAt(end);
    const next = sql.charCodeAt(end + 1);
    if ((code === DASH && next === DASH) || (code === SLASH && next === STAR)) break;
    keepsSigns ||= hasClass(code, KEEPS_SIGNS);
    end += 1;
  }
  if (keepsSigns) return end;
  while (end > start + 1 && isSign(sql.charCodeAt(end - 1))) end -= 1;
  return end;
}

function endOfPunctuation(sql: string, at: number): number {
  const code = sql.charCodeAt(at);
  const next = sql.charCodeAt(at + 1);
  const isPair = code === COLON ? next === COLON || next === EQUALS : code === DOT && next === DOT;
  return at + (isPair ? 2 : 1);
}

/** psql's `\name`, or a backslash with the one character that it takes away from the statement, as in `\;`. */
function endOfMetaCommand(sql: string, at: number): number {
  const next = sql.charCodeAt(at + 1);
  if (isWordStart(next)) return endOfWord(sql, at + 1);
  return Math.min(sql.length, at + 2);
}

function endOfWord(sql: string, start: number): number {
  let end = start + 1;
  while (end < sql.length) {
    const code = sql.charCodeAt(end);
    if (!isWordStart(code) && !isDigit(code) && code !== DOLLAR) break;
    end += 1;
  }
  return end;
}

function endOfSpaces(sql: string, start: number): number {
  let end = start;
  while (end < sql.length && isSpace(sql.charCodeAt(end))) end += 1;
  return end;
}

/** Where a statement begins, the CLI trims more than PostgreSQL's spaces: a byte order mark or a no-break space. */
function endOfTrimmed(sql: string, start: number): number {
  let end = start;
  while (end < sql.length && (isSpace(sql.charCodeAt(end)) || isWideSpace(sql, end))) end += 1;
  return end;
}

function isWideSpace(sql: string, at: number): boolean {
  return sql.charCodeAt(at) >= 128 && sql.charAt(at).trim() === "";
}

function endOfLine(sql: string, start: number): number {
  let end = start;
  while (end < sql.length && sql.charCodeAt(end) !== 10 && sql.charCodeAt(end) !== 13) end += 1;
  return end;
}

function containsLineBreak(sql: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = sql.charCodeAt(at);
    if (code === 10 || code === 13) return true;
  }
  return false;
}

function isSign(code: number): boolean {
  return code === PLUS || code === DASH;
}

function isSpace(code: number): boolean {
  return hasClass(code, SPACE);
}

function isDigit(code: number): boolean {
  return hasClass(code, DIGIT);
}

function isWordStart(code: number): boolean {
  return code >= 128 || hasClass(code, WORD_START);
}

function hasClass(code: number, wanted: number): boolean {
  return code < 128 && ((CLASSES[code] ?? 0) & wanted) !== 0;
}

function asciiClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (const space of " \t\n\r\f\v") classes[space.charCodeAt(0)] = SPACE;
  for (const digit of "0123456789") classes[digit.charCodeAt(0)] = DIGIT;
  for (const sign of "+-*/<>=") classes[sign.charCodeAt(0)] = OPERATOR;
  for (const sign of "~!@#%^&|`?") classes[sign.charCodeAt(0)] = OPERATOR | KEEPS_SIGNS;
  for (const letter of "abcdefghijklmnopqrstuvwxyz_") {
    classes[letter.charCodeAt(0)] = WORD_START;
    classes[letter.toUpperCase().charCodeAt(0)] = WORD_START;
  }
  return classes;
}
