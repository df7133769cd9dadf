import { EngineError, type ErrorCode, type ErrorDetails } from "../errors.ts";
import { isLongSql, runOnThread } from "../sql/thread.ts";
import { readStatements, type MigrationSource, type ReadStatement } from "./read-statements.ts";

/** What the thread sends: statements, a part at a time, or why there are none. */
export type ReadMessage =
  | { readonly kind: "statements"; readonly statements: readonly ReadStatement[] }
  | {
      readonly kind: "refused";
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
    };

/**
 * As `readStatements`, on a thread of its own where the text is long, so that the caller stays responsive and memory is bounded.
 * Throws `sql_too_large` also where that memory is not enough.
 */
export async function readAside(source: MigrationSource): Promise<readonly ReadStatement[]> {
  if (!isLongSql([source.sql])) return readStatements(source);
  const statements: ReadStatement[] = [];
  const refusals: EngineError[] = [];
  const receive = (message: unknown) => {
    // What our own program sends.
    const part = message as ReadMessage;
    if (part.kind === "statements") statements.push(...part.statements);
    else refusals.push(new EngineError(part.code, part.message, part.details));
  };
  const isRead = await runOnThread({ program: "read-thread", input: source, doing: "Reading", receive });
  const [refusal] = refusals;
  if (refusal !== undefined) throw refusal;
  return isRead ? statements : readStatements(source);
}
