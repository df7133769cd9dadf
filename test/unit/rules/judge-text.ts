import { checkStatements } from "../../../src/engine/rules/index.ts";

/** All that the rules say about a text, without any catalog, in one line. */
export async function judgeText(sql: string): Promise<string> {
  const { findings } = await checkStatements({ migrations: [{ fileName: "1_a.sql", sql }] });
  return findings.map(({ statement, id, severity }) => `${statement}:${id} ${severity}`).join(", ");
}
