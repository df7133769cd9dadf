import { readFile } from "node:fs/promises";
import type { openDatabase } from "../../src/engine/database/open-database.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import { isCommentOnly, splitStatements } from "../../src/engine/sql/split.ts";

/** Transaction control behind any comments: run alone it would change what the statements after it do. */
const transactionControl =
  /^(?:\s|--.*\n|\/\*[\s\S]*?\*\/)*(?:begin|start\s+transaction|commit|end|rollback|abort)\b/i;

/** Runs each statement of a file by itself and goes on where one fails, as REPLAY.json's `ok_statements_alone` were found. */
export async function mendByHand(
  database: Awaited<ReturnType<typeof openDatabase>>,
  file: string,
): Promise<void> {
  const statements = runnableStatements(await readFile(file, "utf8"));
  await database.withSession(async (session) => {
    await session.run(sql`reset all`);
    for (const text of statements) await session.run(userStatement(text)).catch(() => undefined);
    await session.run(sql`discard all`);
  });
}

/** A file's statements without comments and transaction control. */
export function runnableStatements(text: string): readonly string[] {
  return splitStatements(text)
    .map((statement) => statement.text)
    .filter((statement) => !isCommentOnly(statement) && !transactionControl.test(statement));
}
