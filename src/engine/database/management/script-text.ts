import type { Query, QueryValue } from "../../ports.ts";
import { formatParameter } from "../value-parsers.ts";

/** A statement with its values written into it as literals; several statements in one request take no parameters. */
export function inlineValues({ text, values }: Query): string {
  if (values.length === 0) return text;
  return text.replace(/\$(\d+)/g, (_, number: string) => toLiteral(values[Number(number) - 1] ?? null));
}

/** Statements as one text; the line break ends a comment at the end of a statement. */
export function scriptText(statements: readonly Query[]): string {
  return statements.map((statement) => `${inlineValues(statement)}\n;`).join("\n");
}

/** Written as E'…', which means the same under either setting of standard_conforming_strings. */
function toLiteral(value: QueryValue): string {
  const text = formatParameter(value);
  return text === null ? "null" : `E'${text.replace(/['\\]/g, "\\$&")}'`;
}
