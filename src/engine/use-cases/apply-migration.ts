import { EngineError } from "../errors.ts";
import { ensureHistory } from "../execute/ensure-history.ts";
import { rehearse } from "../execute/rehearse.ts";
import type { RunContext } from "../execute/run-context.ts";
import { runPlan, type MigrationEnd } from "../execute/run-plan.ts";
import { watchBlockers } from "../execute/blockers.ts";
import { readOwnMigrations } from "../history/own-migrations.ts";
import type { ApplyMigrationReport } from "../model/report.ts";
import type { RunRecord } from "../model/history.ts";
import type { Version } from "../model/version.ts";
import { describeApply, type ApplyAnswer } from "../report/describe-apply.ts";
import type { ApplyMigrationRequest, CallContext } from "../requests.ts";
import { assertWritable, newFence, newRunId, observeBoth, type EngineContext } from "./context.ts";
import { prepareApply, writeGivenFile, type Prepared } from "./prepare-apply.ts";
import { readProject } from "./read-project.ts";
import { settleConfirmation, type Settled } from "./settle-confirmation.ts";

type Unsettled = Omit<ApplyAnswer, "settled">;

/** Applies files, or SQL that becomes a file first; with `dryRun` everything is rolled back and nothing is written. */
export function applyMigration(
  engine: EngineContext,
  request: ApplyMigrationRequest,
  call: CallContext,
): Promise<ApplyMigrationReport> {
  assertWritable(engine, "Applying migrations");
  assertConsistent(request);
  return engine.inTurn(async () => {
    const project = await readProject(engine, call);
    const prepared = await prepareApply(project, request, engine.clock.now());
    const fence = newFence();
    const settled = await settleConfirmation(engine, { request, call, prepared, fence });
    const answer =
      request.dryRun === true
        ? await runDry(engine, call, prepared)
        : settled.verdict === "go"
          ? await run(engine, call, prepared, settled.findDrift)
          : { ...prepared, isRehearsal: false, ends: [] };
    return describeApply({ ...answer, settled }, fence, call.answerSize);
  });
}

function assertConsistent({ name, query, version, file }: ApplyMigrationRequest): void {
  if (query !== undefined && query.trim() === "") throw new EngineError("empty_sql", "The query is empty.");
  if (query !== undefined && name === undefined)
    throw new EngineError("name_required", "SQL was given without a name.");
  if (query !== undefined && file !== undefined)
    throw new EngineError("arguments_conflict", "Both query and file were given.");
  if (version !== undefined && file !== undefined)
    throw new EngineError("arguments_conflict", "Both version and file were given.");
  if (name !== undefined && query === undefined) {
    throw new EngineError("arguments_conflict", "A name was given without a query.", {
      hint: "Give the SQL as query; to apply a file, give its version or file.",
    });
  }
}

async function run(
  engine: EngineContext,
  call: CallContext,
  prepared: Prepared,
  findDrift: Settled["findDrift"],
): Promise<Unsettled> {
  const placed = await writeGivenFile(engine, call, prepared);
  const { database, history } = placed.project;
  const { migrations } = placed.plan;
  if (migrations.length === 0) return { ...placed, isRehearsal: false, ends: [] };
  const context = await openRun(engine, call, placed);
  const ends = await runPlan({
    migrations,
    context: { ...context, database },
    known: new Set(history.entries.map((entry) => entry.version)),
    unfinished: unfinishedByVersion(placed),
    findDrift,
  });
  return { ...placed, isRehearsal: false, ends };
}

async function runDry(engine: EngineContext, call: CallContext, prepared: Prepared): Promise<Unsettled> {
  const { database } = prepared.project;
  const context = runContext(engine, call, prepared, "not recorded");
  const ends = await database.withSession((session): Promise<readonly MigrationEnd[]> =>
    rehearse({ ...context, session, isHostedShape: false }, prepared.plan.migrations),
  );
  return { ...prepared, isRehearsal: true, ends };
}

/** Makes the history tables where they are missing, and what the runner needs. */
async function openRun(
  engine: EngineContext,
  call: CallContext,
  prepared: Prepared,
): Promise<Omit<RunContext, "session">> {
  const context = runContext(engine, call, prepared, newRunId());
  const ownMigrations = await readOwnMigrations();
  const { runId, lockWait, observe } = context;
  const shapes = await context.database.withSession((session) =>
    ensureHistory({ session, observe, lockWait, ownMigrations, runId }),
  );
  const hosted = ["created_by", "idempotency_key", "rollback"];
  return { ...context, isHostedShape: hosted.every((column) => shapes.entryColumns.has(column)) };
}

function runContext(
  engine: EngineContext,
  call: CallContext,
  { project: { database } }: Prepared,
  runId: string,
): Omit<RunContext, "session" | "isHostedShape"> {
  const { clock, limits } = engine;
  const observe = observeBoth(engine, call);
  const blockers = watchBlockers(database);
  const lockWait = {
    clock,
    observe,
    random: Math.random,
    lockWaitMs: limits.lockWaitMs,
    signal: call.signal,
    describeBlockers: blockers.describe,
  };
  const appliedBy = call.appliedBy ?? "godwit";
  return { database, clock, observe, limits, lockWait, blockers, signal: call.signal, runId, appliedBy };
}

function unfinishedByVersion({ project }: Prepared): ReadonlyMap<Version, RunRecord> {
  return new Map(
    project.history.unfinished.flatMap((record) =>
      record.version === undefined ? [] : [[record.version, record] as const],
    ),
  );
}
