import { DatabaseError } from "../errors.ts";
import type { Query, QueryValue } from "../ports.ts";
import { formatParameter } from "./value-parsers.ts";

/** A statement with its values written into it as literals. Throws a `DatabaseError` (22021) for a NUL character, as the server does. */
export function inlineValues({ text, values }: Query): string {
  if (values.length === 0) return text;
  return text.replace(/\$(\d+)/g, (_, number: string) => toLiteral(values[Number(number) - 1] ?? null));
}

/** Written as E'…', which means the same under either setting of standard_conforming_strings. */
function toLiteral(value: QueryValue): string {
  const text = formatParameter(value);
  if (text === null) return "null";
  if (text.includes("\0")) {
    const message = 'invalid byte sequence for encoding "UTF8": 0x00';
    throw new DatabaseError({ sqlstate: "22021", message }, false);
  }
  return `E'${text.replace(/['\\]/g, "\\$&")}'`;
}
