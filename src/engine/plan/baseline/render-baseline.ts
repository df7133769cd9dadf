import type { BaselineStatement } from "./baseline-statement.ts";

/** The statements as a file's text: a heading above each section, an empty line around what takes several lines. */
export function renderBaseline(statements: readonly BaselineStatement[]): string {
  const lines: string[] = [];
  let previous: BaselineStatement | undefined;
  for (const statement of statements) {
    const startsSection = statement.section !== previous?.section;
    const isApart = previous !== undefined && [previous, statement].some(({ sql }) => sql.includes("\n"));
    if (previous !== undefined && (startsSection || isApart)) lines.push("");
    if (startsSection && statement.section !== "") lines.push(`-- ${statement.section}`);
    lines.push(`${statement.sql};`);
    previous = statement;
  }
  return `${lines.join("\n")}\n`;
}
