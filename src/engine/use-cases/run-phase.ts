import { EngineError } from "../errors.ts";
import { readKeyColumn, type KeyColumn } from "../execute/batch-range.ts";
import { rehearsePhase, type PhaseRehearsal } from "../execute/rehearse-phase.ts";
import { freshProgress, runBatches, type PhaseEnd } from "../execute/run-batches.ts";
import { runPhaseTransaction } from "../execute/run-phase-transaction.ts";
import type { RunContext } from "../execute/run-context.ts";
import { rowsAffectedBy } from "../effects/row-counters.ts";
import type { Loss } from "../model/loss.ts";
import type { RunPhaseReport } from "../model/phase-report.ts";
import { statementLimitMs } from "../plan/batch-size.ts";
import { describePhaseEnd, describePhasePlan } from "../report/describe-phase.ts";
import { addSpecNote } from "../report/describe-spec-note.ts";
import type { CallContext, RunPhaseRequest } from "../requests.ts";
import { adoptPhases } from "./adopt-phases.ts";
import { assertWritable, newFence, type EngineContext } from "./context.ts";
import { listPhases } from "./list-phases.ts";
import { openRun, runContext } from "./open-run.ts";
import { preparePhase, type PreparedPhase } from "./prepare-phase.ts";
import { readProject } from "./read-project.ts";
import { findGateObstacle, openSpecGate, type SpecGate } from "./spec-gate.ts";
import { undoOf } from "./undo-of.ts";
import { settlePhase, type PhaseQuestion } from "./settle-phase.ts";

/** Clients give up on a call after 60 s. */
const defaultSeconds = 45;

/** What one statement of a rehearsal may wait for a lock. */
const rehearsalLockTimeoutMs = 200;

/** Runs or goes on with one phase, rehearses it, lists all, or takes over those of another table. */
export async function runPhase(
  engine: EngineContext,
  request: RunPhaseRequest,
  call: CallContext,
): Promise<RunPhaseReport> {
  assertConsistent(request);
  if (request.adopt === true) return adoptPhases(engine, request, call);
  const { phase } = request;
  if (phase === undefined) return listPhases(engine, call);
  assertWritable(engine, "Running a phase");
  const prepared = await preparePhase(engine, { ...request, phase }, call);
  const startedMs = engine.clock.monotonicMs();
  if (prepared.verdict === "already_completed")
    return describePhaseEnd({ prepared, end: { kind: "already_completed" }, durationMs: 0 }, newFence());
  const question = { prepared, request, call, fence: newFence(), column: await readKey(prepared) };
  const settled = await settlePhase(engine, question);
  const gate = await openGate(engine, question);
  if (request.dryRun === true) {
    const rehearsal = await rehearse(engine, { ...question, losses: settled.losses }, gate);
    return addSpecNote(describePhasePlan({ ...question, settled, rehearsal }), gate.note());
  }
  if (settled.verdict === "confirmation_required")
    return describePhasePlan({ ...question, settled, rehearsal: undefined });
  const end = await run(engine, { ...question, losses: settled.losses }, gate);
  const durationMs = Math.round(engine.clock.monotonicMs() - startedMs);
  return addSpecNote(describePhaseEnd({ prepared, end, durationMs }, question.fence), gate.note());
}

/** A question with what the phase was found to take away. */
interface SettledQuestion extends PhaseQuestion {
  readonly losses: readonly Loss[];
}

function openGate(engine: EngineContext, { prepared, call, fence }: PhaseQuestion): Promise<SpecGate> {
  const { database, planned } = prepared;
  const findObstacle = async () =>
    planned.batch === undefined
      ? findGateObstacle(await readProject(engine, call), [])
      : "each batch is committed by itself";
  return openSpecGate(engine, { database, fence, findObstacle });
}

function assertConsistent({ phase, query, key, batchSize, adopt }: RunPhaseRequest): void {
  if (adopt === true && (phase ?? query) !== undefined)
    throw new EngineError(
      "arguments_conflict",
      "adopt takes over recorded phases and goes with no phase or query.",
    );
  if (phase === undefined && query !== undefined)
    throw new EngineError("name_required", "SQL was given without a phase.", {
      hint: 'Give number and name of the phase, such as phase: "1.1_move_orders".',
    });
  if (query === undefined && (key ?? batchSize) !== undefined)
    throw new EngineError("arguments_conflict", "key and batch_size go with query.", {
      hint: 'A phase that has a file says them there: "-- Key: public.orders.id" and "-- Batch size: 1000".',
    });
  if (key === undefined && batchSize !== undefined)
    throw new EngineError("arguments_conflict", "A batch_size was given without a key.", {
      hint: "Give the key, such as public.orders.id, by which the rows are cut into batches.",
    });
}

async function readKey({ database, planned: { batch } }: PreparedPhase): Promise<KeyColumn | undefined> {
  return batch === undefined
    ? undefined
    : database.withSession((session) => readKeyColumn(session, batch.batching.key));
}

function rehearse(
  engine: EngineContext,
  { prepared, column, call, losses }: SettledQuestion,
  gate: SpecGate,
): Promise<PhaseRehearsal> {
  const { database, planned, recorded } = prepared;
  const { batch } = planned;
  const { lockTimeoutMs, rehearsalTimeoutMs } = engine.limits;
  const limits = {
    lockTimeoutMs: Math.min(lockTimeoutMs, rehearsalLockTimeoutMs),
    statementTimeoutMs: batch === undefined ? rehearsalTimeoutMs : statementLimitMs(batch.batching.budgetMs),
  };
  const shared = {
    ...runContext(engine, call, { database, runId: "not recorded" }),
    limits,
    isHostedShape: false,
    ...gate.forRun,
    ...undoOf(engine, { database, losses, isAlone: true, purges: "nothing" }),
  };
  const next =
    batch === undefined || column === undefined
      ? undefined
      : {
          column,
          progress:
            (prepared.verdict === "go_on" ? recorded?.progress : undefined) ?? freshProgress(column, batch),
        };
  return database.withSession((session) => rehearsePhase({ ...shared, session }, planned, next));
}

async function run(
  engine: EngineContext,
  { prepared, request, call, losses }: SettledQuestion,
  gate: SpecGate,
): Promise<PhaseEnd> {
  const { database, planned } = prepared;
  const shared = await engine.inTurn(() => prepareRun(engine, call, prepared));
  const seconds = request.maxSeconds ?? (call.answerSize === "whole" ? undefined : defaultSeconds);
  const startedMs = engine.clock.monotonicMs();
  const deadlineMs = seconds === undefined ? Number.POSITIVE_INFINITY : startedMs + seconds * 1000;
  const lockWaitMs = Math.min(shared.lockWait.lockWaitMs, (seconds ?? Number.POSITIVE_INFINITY) * 500);
  const undo = undoOf(engine, { database, losses, isAlone: false, purges: "nothing" });
  const context = { ...shared, ...gate.forRun, ...undo, lockWait: { ...shared.lockWait, lockWaitMs } };
  const { batch } = planned;
  const end =
    batch === undefined
      ? await database.withSession(async (session) => runWhole({ ...context, session }, prepared))
      : await runBatches(context, { planned, batch, deadlineMs });
  const { kind } = end;
  if (kind === "completed" || kind === "in_progress" || kind === "failed")
    context.observe({
      kind: "phase_finished",
      phase: planned.source.number,
      status: kind,
      durationMs: Math.round(engine.clock.monotonicMs() - startedMs),
    });
  return end;
}

/** The file is there before anything runs, as with migrations. */
async function prepareRun(
  engine: EngineContext,
  call: CallContext,
  { database, folder, planned, isNew }: PreparedPhase,
): Promise<Omit<RunContext, "session">> {
  const { fileName, sql } = planned.source;
  if (isNew) await folder.writePhase({ fileName, sql });
  return openRun(engine, call, { database });
}

async function runWhole(context: RunContext, { planned }: PreparedPhase): Promise<PhaseEnd> {
  const end = await runPhaseTransaction(context, planned);
  if (end.kind === "failed") return { ...end, done: undefined };
  if (end.kind !== "completed") return end;
  const tables = end.results.flatMap((result) => result.tables ?? []);
  return {
    kind: "completed",
    done: {
      progress: undefined,
      rowsAffected: rowsAffectedBy(end.results),
      tables,
      ...(end.wayBack === undefined ? {} : { wayBack: end.wayBack }),
    },
    hasLateRows: false,
  };
}
