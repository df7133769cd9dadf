import { createHash } from "node:crypto";
import { needSession } from "../database/transport.ts";
import { EngineError } from "../errors.ts";
import { withLockRetries } from "../execute/lock.ts";
import type { RunContext } from "../execute/run-context.ts";
import { beginTransaction, commit, rollback } from "../execute/transaction.ts";
import { adoptPhase } from "../history/phase-queries.ts";
import { readFoundPhases, readPhases } from "../history/read-phases.ts";
import type { FoundPhase } from "../model/phase.ts";
import type { RunPhaseReport } from "../model/phase-report.ts";
import type { Database, Session } from "../ports.ts";
import { describeAdoption } from "../report/describe-phases.ts";
import type { CallContext, RunPhaseRequest } from "../requests.ts";
import { assertWritable, newFence, openTarget, type EngineContext } from "./context.ts";
import { notAdopted } from "./list-phases.ts";
import { openRun } from "./open-run.ts";

/** Plans, and with `confirm` carries out, that our table records what another of the founding shape does; that table stays as it is. */
export async function adoptPhases(
  engine: EngineContext,
  request: RunPhaseRequest,
  call: CallContext,
): Promise<RunPhaseReport> {
  const database = needSession(await openTarget(engine, call), "Adopting phases");
  const found = await database.withSession(readNotAdopted);
  const planId = planIdOf(database, found);
  const approved = [request.confirm, call.approvedPlan].filter((given) => given !== undefined);
  const answer = { target: database.target.label, found, planId, isWhole: call.answerSize === "whole" };
  if (found.length === 0 || approved.length === 0)
    return describeAdoption({ ...answer, isDone: false }, newFence());
  assertWritable(engine, "Adopting phases");
  assertApproved(approved, planId);
  await engine.inTurn(async () => {
    const context = await openRun(engine, call, { database });
    await database.withSession((session) => adopt({ ...context, session }, planId));
  });
  return describeAdoption({ ...answer, isDone: true }, newFence());
}

async function readNotAdopted(session: Session): Promise<readonly FoundPhase[]> {
  return notAdopted(await readFoundPhases(session), await readPhases(session));
}

function planIdOf(database: Database, found: readonly FoundPhase[]): string {
  const rows = found.map(({ table, row }) => [table, row]);
  return createHash("sha256")
    .update(JSON.stringify(["adopt", database.target.id, rows]))
    .digest("hex");
}

function assertApproved(approved: readonly string[], planId: string): void {
  if (approved.every((given) => given === planId)) return;
  throw new EngineError(
    "plan_is_stale",
    "The phases to adopt are others than those of the plan that was approved.",
    {
      hint: "Call run_phase with adopt: true and without confirm to see them as they are now.",
    },
  );
}

/** In one transaction, with the rows read again in it. */
function adopt(context: RunContext, planId: string): Promise<void> {
  const { session, limits, database, runId, appliedBy } = context;
  return withLockRetries(context.lockWait, async () => {
    await beginTransaction(session, limits, database.target.engine);
    try {
      const found = await readNotAdopted(session);
      assertApproved([planId], planIdOf(database, found));
      for (const phase of found) await session.run(adoptPhase(phase, { runId, appliedBy }));
      await commit(session);
    } catch (error) {
      await rollback(session);
      throw error;
    }
  });
}
