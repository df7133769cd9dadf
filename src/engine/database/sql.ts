import type { Query, QueryValue } from "../ports.ts";

declare const fragmentBrand: unique symbol;

/** A piece of SQL text without values, such as a quoted identifier; made only by `ident`. */
export interface SqlFragment {
  readonly [fragmentBrand]: true;
  readonly sqlText: string;
}

/** What may stand in a `sql` template: a value becomes a parameter, a fragment or another query becomes text. */
export type SqlPart = QueryValue | SqlFragment | Query;

/** A statement whose values travel apart from its text; queries inside it keep their values, renumbered. */
export function sql(strings: TemplateStringsArray, ...parts: readonly SqlPart[]): Query {
  const values: QueryValue[] = [];
  const text = parts.reduce<string>(
    (before, part, index) => before + writePart(part, values) + (strings[index + 1] ?? ""),
    strings[0] ?? "",
  );
  return { text, values };
}

/** A quoted identifier, qualified where more than one name is given. */
export function ident(...names: readonly [string, ...string[]]): SqlFragment {
  const sqlText = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(".");
  return { sqlText } as SqlFragment;
}

/** A user's own statement, sent exactly as it is. */
export function userStatement(text: string): Query {
  return { text, values: [] };
}

/** Queries with a text between each two, such as a list of conditions. */
export function joinSql(queries: readonly Query[], separator: string): Query {
  const values: QueryValue[] = [];
  return { text: queries.map((query) => writePart(query, values)).join(separator), values };
}

function writePart(part: SqlPart, values: QueryValue[]): string {
  if (isFragment(part)) return part.sqlText;
  if (!isQuery(part)) return `$${values.push(part)}`;
  if (part.values.length === 0) return part.text;
  const offset = values.length;
  values.push(...part.values);
  return part.text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + offset}`);
}

function isFragment(part: SqlPart): part is SqlFragment {
  return typeof part === "object" && part !== null && "sqlText" in part;
}

function isQuery(part: SqlPart): part is Query {
  return typeof part === "object" && part !== null && "text" in part;
}
