import { fitsIdentifier, toIdentifier } from "./identifier.ts";

/** A table or function. */
export interface ObjectSubject {
  readonly schema: string;
  readonly name: string;
  /** Ready for SQL, with its schema. */
  readonly sql: string;
}

export interface ColumnSubject {
  readonly table: ObjectSubject;
  readonly column: string;
  /** Ready for SQL. */
  readonly columnSql: string;
}

/** Of two parts the first may be one of these schemas; any other is a table, and the second its column. */
const knownSchemas: readonly string[] = [
  "public",
  "private",
  "auth",
  "storage",
  "realtime",
  "extensions",
  "api",
  "app",
];

/** The parts of `a.b.c`, with names in double quotes as they are and all others in lower case; undefined where it is no such text. */
export function parseParts(subject: string): readonly string[] | undefined {
  const pattern = /\s*(?:"((?:[^"\0]|"")+)"|([\p{L}_][\p{L}\p{N}_$-]*))\s*(\.|$)/uy;
  const parts: string[] = [];
  while (pattern.lastIndex < subject.length) {
    const match = pattern.exec(subject);
    if (match === null) return undefined;
    parts.push(match[1]?.replaceAll('""', '"') ?? match[2]?.toLowerCase() ?? "");
    if (match[3] === "." && pattern.lastIndex === subject.length) return undefined;
  }
  const areNames = parts.every((part) => part !== "" && fitsIdentifier(part));
  return areNames && parts.length >= 1 && parts.length <= 3 ? parts : undefined;
}

/** A table or function: `name` or `schema.name`. */
export function parseObject(subject: string): ObjectSubject | undefined {
  const parts = parseParts(subject);
  const [first, second] = parts ?? [];
  if (first === undefined || (parts?.length ?? 0) > 2) return undefined;
  return second === undefined ? toObject("public", first) : toObject(first, second);
}

/** A column: `table.column` or `schema.table.column`. */
export function parseColumn(subject: string): ColumnSubject | undefined {
  const [first, second, third] = parseParts(subject) ?? [];
  if (first === undefined || second === undefined) return undefined;
  if (third !== undefined) return toColumn(toObject(first, second), third);
  return knownSchemas.includes(first) ? undefined : toColumn(toObject("public", first), second);
}

function toObject(schema: string, name: string): ObjectSubject {
  return { schema, name, sql: `${toIdentifier(schema)}.${toIdentifier(name)}` };
}

function toColumn(table: ObjectSubject, column: string): ColumnSubject {
  return { table, column, columnSql: toIdentifier(column) };
}
