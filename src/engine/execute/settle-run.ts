import { DatabaseError, EngineError } from "../errors.ts";
import type { BatchDatabase, Clock, Query } from "../ports.ts";
import { settleScript } from "./batch-script.ts";
import type { CommitOutcome } from "./resolve-commit.ts";

/** How long a run is asked after, in milliseconds: an edge gives up long before a statement does. */
const patienceMs = 60_000;
const shortestPauseMs = 250;
const longestPauseMs = 4_000;

/** The run that nobody knows the end of. */
export interface LostRun {
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  readonly runId: string;
  readonly appliedBy: string;
}

/** Finds out what became of a migration's script whose answer was lost. What it answers `rolled_back` to can never be committed later. */
export function settleRun(database: BatchDatabase, clock: Clock, lost: LostRun): Promise<CommitOutcome> {
  return askUntilSettled(database, clock, settleScript(lost));
}

/** Sends a script that settles a run until it has answered what became of it. */
export async function askUntilSettled(
  database: BatchDatabase,
  clock: Clock,
  script: readonly Query[],
): Promise<CommitOutcome> {
  const startedMs = clock.monotonicMs();
  for (let attempt = 0; clock.monotonicMs() - startedMs < patienceMs; attempt += 1) {
    const outcome = await askOutcome(database, script);
    if (outcome !== undefined) return outcome;
    await clock.sleep(Math.min(longestPauseMs, shortestPauseMs * 2 ** Math.min(attempt, 8)));
  }
  return "unknown";
}

/** Undefined while the script goes on, or where this question got no answer either: asking twice does nothing twice. */
async function askOutcome(
  database: BatchDatabase,
  script: readonly Query[],
): Promise<CommitOutcome | undefined> {
  try {
    const rows = await database.runScript(script);
    const outcome = rows[0]?.["outcome"];
    return outcome === "committed" || outcome === "rolled_back" ? outcome : undefined;
  } catch (error) {
    const isPassing =
      (error instanceof DatabaseError && error.connectionLost) ||
      (error instanceof EngineError && error.code === "rate_limited");
    return isPassing ? undefined : "unknown";
  }
}
