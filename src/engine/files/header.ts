const autocommitLine = "-- pg-delta: transaction=false";
const labelPattern =
  /^--[ \t]*(migration|purpose|date|context|description|author|rollback)[ \t]*:[ \t]*(.*)$/i;
const noRollback =
  /^(none|no|n\/?a|not (available|possible|needed|required|applicable)|irreversible|-+)?[ \t]*[.;!]?$/i;
/** A rollback note in prose must not be stored as SQL: its first word has to begin a statement. */
const commandPattern =
  /^(alter|call|comment|create|delete|do|drop|grant|insert|merge|refresh|reindex|reset|revoke|security|select|set|truncate|update|with)\b/i;
const longestField = 500;

/** The facts of the comment block that stands above a migration's SQL. */
export interface MigrationHeader {
  readonly name: string | undefined;
  readonly purpose: string | undefined;
  /** As written; ISO 8601 in UTC where Godwit wrote it. */
  readonly date: string | undefined;
  readonly context: string | undefined;
  /** The SQL of the rollback block; undefined where there is none, or where it says `none` or is prose. */
  readonly rollbackSql: string | undefined;
}

interface HeaderFacts {
  readonly name: string;
  readonly purpose?: string | undefined;
  readonly date: Date;
  readonly context?: string | undefined;
  readonly rollbackSql?: string | undefined;
}

/** The text of a new migration file: the header, an empty line, and the SQL byte for byte (docs/formats.md, "Header"). */
export function composeMigration(sql: string, facts: HeaderFacts): string {
  const body = withFinalNewline(sql.startsWith("\uFEFF") ? sql.slice(1) : sql);
  if (hasHeader(body)) return body;
  const hasRollback = facts.rollbackSql === undefined && parseHeader(body).rollbackSql !== undefined;
  const header = renderHeader(facts, hasRollback ? [] : rollbackLines(facts.rollbackSql));
  const firstLine = /^([^\r\n]*)\r?\n/.exec(body);
  // The CLI obeys this line only where it is the file's very first.
  if (firstLine?.[1] === autocommitLine)
    return `${firstLine[0]}${header}\n${body.slice(firstLine[0].length)}`;
  return `${header}\n${body}`;
}

/** Reads the header of a migration file, and its rollback block wherever that stands: above the SQL or at the file's end. */
export function parseHeader(sql: string): MigrationHeader {
  const lines = toLines(sql);
  const leading = leadingComments(lines);
  const field = (label: string) =>
    leading.map(parseLabel).find((found) => found?.label === label)?.text || undefined;
  return {
    name: field("migration"),
    purpose: field("purpose") ?? field("description"),
    date: field("date"),
    context: field("context"),
    rollbackSql: rollbackIn(leading) ?? rollbackIn(trailingComments(lines)),
  };
}

/** True where a line `-- godwit:keep-data` stands in the comments above the SQL. */
export function asksToKeepData(sql: string): boolean {
  return leadingComments(toLines(sql)).some((line) => /^--[ \t]*godwit:keep-data$/i.test(line));
}

function renderHeader(facts: HeaderFacts, rollback: readonly string[]): string {
  return [
    `-- Migration: ${toOneLine(facts.name)}`,
    `-- Purpose: ${toOneLine(facts.purpose ?? "") || toOneLine(facts.name).replaceAll("_", " ")}`,
    `-- Date: ${facts.date.toISOString().slice(0, 19)}Z`,
    `-- Context: ${toOneLine(facts.context ?? "") || "created with Godwit"}`,
    ...rollback,
    "",
  ].join("\n");
}

/** The SQL with its way back in a rollback block at the end, where `parseHeader` finds it. */
export function withRollbackBlock(sql: string, rollbackSql: string): string {
  return `${withFinalNewline(sql.trimEnd())}\n${rollbackLines(rollbackSql).join("\n")}\n`;
}

function rollbackLines(rollbackSql: string | undefined): readonly string[] {
  const lines = toLines(rollbackSql ?? "");
  const isBlank = (line: string) => line.trim() === "";
  const first = lines.findIndex((line) => !isBlank(line));
  if (first < 0) return ["-- Rollback: none"];
  const last = lines.findLastIndex((line) => !isBlank(line));
  const block = lines.slice(first, last + 1);
  return ["-- Rollback:", ...block.map((line) => (isBlank(line) ? "--" : `--   ${line}`))];
}

/** Control characters and line ends would let a purpose leave its comment. */
function toOneLine(text: string): string {
  const line = text.replace(/[\s\p{C}]+/gu, " ").trim();
  return [...line].slice(0, longestField).join("").trim();
}

function hasHeader(sql: string): boolean {
  return leadingComments(toLines(sql)).some((line) => parseLabel(line)?.label === "migration");
}

function rollbackIn(comments: readonly string[]): string | undefined {
  const start = comments.findIndex((line) => parseLabel(line)?.label === "rollback");
  if (start < 0) return undefined;
  const after = comments.slice(start + 1);
  const end = after.findIndex((line) => !line.startsWith("--") || parseLabel(line) !== undefined);
  const block = (end < 0 ? after : after.slice(0, end)).map((line) => line.slice(2));
  const own = parseLabel(comments[start] ?? "")?.text ?? "";
  const text = [own, ...withoutMargin(block)].join("\n").trim();
  return noRollback.test(text) || !commandPattern.test(withoutComments(text)) ? undefined : text;
}

function withoutMargin(lines: readonly string[]): readonly string[] {
  const margins = lines
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return lines.map((line) => line.slice(margin).trimEnd());
}

function withoutComments(text: string): string {
  return text.replace(/^(\s|--[^\n]*(\n|$))+/, "");
}

function parseLabel(line: string): { readonly label: string; readonly text: string } | undefined {
  const match = labelPattern.exec(line);
  if (match?.[1] === undefined) return undefined;
  return { label: match[1].toLowerCase(), text: (match[2] ?? "").trim() };
}

/** Lines before the first that is neither empty nor a comment. */
function leadingComments(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line) => line !== "" && !line.startsWith("--"));
  return end < 0 ? lines : lines.slice(0, end);
}

function trailingComments(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.findLastIndex((line) => line !== "" && !line.startsWith("--")) + 1);
}

function toLines(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd());
}

function withFinalNewline(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
