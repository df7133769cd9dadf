import { isLongSql, runOnThread } from "../sql/thread.ts";
import { checkStatements, type CheckRequest, type CheckedStatements } from "./check-statements.ts";

/**
 * As `checkStatements`, on a thread of its own where the text is long, so that the caller stays responsive and memory is bounded.
 * Throws `sql_too_large` where that memory is not enough.
 */
export async function checkAside(request: CheckRequest): Promise<CheckedStatements> {
  if (!isLongSql(request.migrations.map(({ sql }) => sql))) return checkStatements(request);
  let checked: CheckedStatements | undefined;
  const receive = (message: unknown) => {
    // What our own program sends.
    checked = message as CheckedStatements;
  };
  await runOnThread({ program: "check-thread", input: request, doing: "Checking", receive });
  return checked ?? checkStatements(request);
}
