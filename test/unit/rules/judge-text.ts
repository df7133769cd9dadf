import { checkStatements, type CheckRequest } from "../../../src/engine/rules/index.ts";

/** The rules that find something in a text, each with the object that it names. */
export async function namesIn(sql: string): Promise<readonly string[]> {
  const { findings } = await checkStatements({ migrations: [{ fileName: "1_a.sql", sql }] });
  return findings.map(({ id, object = "" }) => `${id} ${object}`);
}

/** All that the rules say about a text in one line; without any catalog unless one is given. */
export async function judgeText(sql: string, live: Omit<CheckRequest, "migrations"> = {}): Promise<string> {
  const { findings } = await checkStatements({ migrations: [{ fileName: "1_a.sql", sql }], ...live });
  return findings.map(({ statement, id, severity }) => `${statement}:${id} ${severity}`).join(", ");
}
