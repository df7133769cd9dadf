import type { Query } from "../../ports.ts";
import { inlineValues } from "../inline-values.ts";

/** Statements as one text, which takes no parameters; the line break ends a comment at the end of a statement. */
export function scriptText(statements: readonly Query[]): string {
  return statements.map((statement) => `${inlineValues(statement)}\n;`).join("\n");
}
