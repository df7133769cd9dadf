import { foldWord, isBlank, lex, type Token } from "./lex.ts";
import { positionFinder, type LineColumn } from "./position.ts";

export type UnsupportedCode = "nul_character" | "lone_surrogate" | "psql_meta_command" | "copy_from_stdin";

/** One thing in a text that no server would take as a statement; `offset` is in UTF-16 units. */
export type UnsupportedText = LineColumn & {
  readonly code: UnsupportedCode;
  readonly offset: number;
  readonly message: string;
};

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Lists, in order, what must keep a file from being sent; the search ends at inline COPY data, which is not SQL. */
export function findUnsupportedText(sql: string): readonly UnsupportedText[] {
  const positionOf = positionFinder(sql);
  return [...unreadableCharacters(sql), ...psqlOnlyText(sql)]
    .toSorted((left, right) => left.offset - right.offset)
    .map((found) => ({ ...found, ...positionOf(found.offset) }));
}

/** The first character that libpg-query or a UTF-8 connection cannot carry. */
export function findUnreadableCharacter(sql: string): UnsupportedText | undefined {
  const found = unreadableCharacters(sql).toSorted((left, right) => left.offset - right.offset)[0];
  return found && { ...found, ...positionFinder(sql)(found.offset) };
}

type Found = Omit<UnsupportedText, "line" | "column">;

function unreadableCharacters(sql: string): readonly Found[] {
  const all: readonly Found[] = [
    {
      code: "nul_character",
      offset: sql.indexOf("\u0000"),
      message: "The text holds a NUL character, which PostgreSQL cannot store or parse.",
    },
    {
      code: "lone_surrogate",
      offset: sql.search(LONE_SURROGATE),
      message: "The text holds half of a surrogate pair, which is not a character in UTF-8.",
    },
  ];
  return all.filter((found) => found.offset >= 0);
}

function psqlOnlyText(sql: string): readonly Found[] {
  const found: Found[] = [];
  let statement: readonly string[] = [];
  let startsAt = 0;
  let openParentheses = 0;
  for (const token of lex(sql)) {
    if (isBlank(token)) continue;
    if (token.kind === "meta_command") found.push(metaCommand(sql, token));
    const text = sql.slice(token.start, token.end);
    if (text === "(") openParentheses += 1;
    if (text === ")") openParentheses -= 1;
    if (text === ";") {
      statement = [];
      openParentheses = 0;
      continue;
    }
    if (statement.length === 0) startsAt = token.start;
    statement = lastWords(statement, openParentheses === 0 && token.kind === "word" ? foldWord(text) : "");
    if (statement.join(" ") === "copy from stdin") return [...found, copyFromStdin(startsAt)];
  }
  return found;
}

/** Keeps a statement's first word and its last two: enough to know `copy … from stdin`. */
function lastWords(words: readonly string[], word: string): readonly string[] {
  const [first] = words;
  return first === undefined ? [word] : [first, ...words.slice(1).slice(-1), word];
}

function metaCommand(sql: string, token: Token): Found {
  const name = sql.slice(token.start, token.end);
  return {
    code: "psql_meta_command",
    offset: token.start,
    message: `${name} is a command of the psql program, not SQL: remove the line, or replace it by SQL.`,
  };
}

function copyFromStdin(offset: number): Found {
  return {
    code: "copy_from_stdin",
    offset,
    message:
      "COPY … FROM STDIN takes its rows from a client program, which a migration does not have: write them as INSERT.",
  };
}
