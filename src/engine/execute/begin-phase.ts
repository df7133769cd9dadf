import { EngineError } from "../errors.ts";
import { insertPhase, lockPhase, restartPhase, resumePhase } from "../history/phase-queries.ts";
import { readPhase, toPhase } from "../history/read-phases.ts";
import type { PhaseProgress, PlannedPhase, RecordedPhase } from "../model/phase.ts";
import type { Session } from "../ports.ts";
import { tryPhaseLock } from "./phase-lock.ts";
import type { RunContext } from "./run-context.ts";
import { beginTransaction, commit, rollback } from "./transaction.ts";

/** What a phase's own record means for running it now. */
export type PhaseVerdict = "begin" | "go_on" | "already_completed";

/**
 * Compares a phase with what is recorded under its number. Throws `not_applicable` where that has run, or was begun in batches,
 * with other SQL, and where the number belongs to another phase.
 */
export function judgePhase(planned: PlannedPhase, recorded: RecordedPhase | undefined): PhaseVerdict {
  if (recorded === undefined) return "begin";
  const { number } = planned.source;
  const isSame = recorded.checksum === planned.checksum;
  // An adopted row has no checksum: nobody can tell what ran.
  if (recorded.status === "completed") {
    if (isSame || recorded.checksum === undefined) return "already_completed";
    throw refuse(
      planned,
      `phase ${number} is completed, with other SQL or another key`,
      "Give the new SQL a number of its own; restore the file as it ran.",
    );
  }
  const hasBatches = (recorded.progress?.batches ?? 0) > 0;
  if (!hasBatches) return "begin";
  if (isSame) return "go_on";
  throw refuse(
    planned,
    `${recorded.progress?.batches ?? 0} batches of phase ${number} are done with other SQL or another key`,
    "Restore the SQL that was begun and call again: it goes on where it stopped. For other SQL take a new number.",
  );
}

function refuse(planned: PlannedPhase, fact: string, hint: string): EngineError {
  return new EngineError("not_applicable", `${planned.source.fileName} was not run: ${fact}.`, {
    file: planned.source.fileName,
    hint,
  });
}

/** Records that the phase runs, or goes on; answers its row, or why it does not run. */
export async function beginPhase(
  context: RunContext,
  planned: PlannedPhase,
  fresh: PhaseProgress | undefined,
): Promise<RecordedPhase | "already_completed" | "running_elsewhere"> {
  const { session, limits, database } = context;
  await beginTransaction(session, limits, database.target.engine);
  try {
    // Held already by a session that runs batches, which may take it again.
    const isFree = await tryPhaseLock(session, planned.source.number, "transaction");
    const begun = isFree ? await record(context, planned, fresh) : "running_elsewhere";
    await commit(session);
    return begun;
  } catch (error) {
    await rollback(session);
    throw error;
  }
}

async function record(
  { session, runId, appliedBy }: RunContext,
  planned: PlannedPhase,
  fresh: PhaseProgress | undefined,
): Promise<RecordedPhase | "already_completed"> {
  const { number, name, rollbackSql } = planned.source;
  const recorded = await readPhase(session, number);
  const verdict = judgePhase(planned, recorded);
  if (verdict === "already_completed") return verdict;
  const checksum = planned.checksum;
  const run = { number, name, checksum, rollbackSql: rollbackSql ?? null, runId, appliedBy, progress: fresh };
  const query =
    recorded === undefined
      ? insertPhase(run)
      : verdict === "begin"
        ? restartPhase(recorded.id, run)
        : resumePhase(recorded.id, run);
  const { rows } = await session.run(query);
  if (rows[0] === undefined) throw new Error("a phase's row was written and not answered");
  return toPhase(rows[0]);
}

/** The phase's row as it is now, held until the open transaction ends. Throws `not_applicable` where it is gone. */
export async function holdPhase(session: Session, id: number): Promise<RecordedPhase> {
  const { rows } = await session.run(lockPhase(id));
  if (rows[0] !== undefined) return toPhase(rows[0]);
  throw new EngineError(
    "not_applicable",
    "The phase's row in supabase_migrations.migration_history is gone.",
  );
}
