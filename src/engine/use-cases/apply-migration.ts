import { EngineError } from "../errors.ts";
import { runBatchPlan } from "../execute/run-batch-plan.ts";
import { runPlan, type MigrationEnd } from "../execute/run-plan.ts";
import { guardEffects } from "../execute/watch-effects.ts";
import type { ApplyMigrationReport } from "../model/report.ts";
import type { RunRecord } from "../model/history.ts";
import type { Version } from "../model/version.ts";
import type { ApplyAnswer } from "../report/apply-answer.ts";
import { describeApply } from "../report/describe-apply.ts";
import type { Fence } from "../report/fence.ts";
import type { ApplyMigrationRequest, CallContext } from "../requests.ts";
import { assertWritable, newFence, type EngineContext } from "./context.ts";
import { openBatchRun } from "./open-batch-run.ts";
import { openProject } from "./open-project.ts";
import { openRun } from "./open-run.ts";
import { findGateObstacle, noGate, openSpecGate, type SpecGate } from "./spec-gate.ts";
import { prepareApply, writeGivenFile, type Prepared } from "./prepare-apply.ts";
import { assertNothingInTheWay, promotionOf } from "./promotion.ts";
import { rehearseApply } from "./rehearse-apply.ts";
import { undoOf } from "./undo-of.ts";
import { settleConfirmation, type Settled } from "./settle-confirmation.ts";
import { addEffects, askAboutEffects, collectEffects, judgeEffects } from "./settle-effects.ts";

/** Applies files, or SQL that becomes a file first; with `dryRun` everything is rolled back and nothing is written. */
export function applyMigration(
  engine: EngineContext,
  request: ApplyMigrationRequest,
  call: CallContext,
): Promise<ApplyMigrationReport> {
  assertWritable(engine, "Applying migrations");
  assertConsistent(request);
  return engine.inTurn(async (writer) => {
    const fence = newFence();
    const prepared = await prepare(writer, call, { request, fence });
    const gate = await openGate(writer, prepared, { request, fence });
    const isDry = request.dryRun === true || request.rehearseOn !== undefined;
    const asked = { ...request, dryRun: isDry };
    const settled = await settleConfirmation(writer, { request: asked, call, prepared, fence });
    const order: Order = { request, call, prepared, settled, fence, gate };
    const answer = isDry ? await rehearse(writer, order) : await applyWhatMay(writer, order);
    return describeApply({ ...answer, spec: gate.note() }, fence, call.answerSize);
  });
}

function assertConsistent({ name, query, version, file, promoteFrom }: ApplyMigrationRequest): void {
  if (promoteFrom !== undefined && [name, query, version, file].some((given) => given !== undefined))
    throw new EngineError(
      "arguments_conflict",
      "promote_from goes with none of name, query, version and file.",
      {
        hint: "It applies what the other target has run, all of it and no other.",
      },
    );
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

interface Asking {
  readonly request: ApplyMigrationRequest;
  readonly fence: Fence;
}

/** Reads files and history and plans what is asked for. Throws where another target's runs cannot be repeated here. */
async function prepare(
  engine: EngineContext,
  call: CallContext,
  { request, fence }: Asking,
): Promise<Prepared> {
  const { project, warnings } = await openProject(engine, call);
  const promotion = await promotionOf(engine, project, request);
  const planned = await prepareApply(project, request, { now: engine.clock.now(), promotion });
  if (promotion !== undefined)
    await assertNothingInTheWay(engine, project, { files: promotion.files, fence });
  return { ...planned, warnings: [...warnings, ...planned.warnings] };
}

async function openGate(
  engine: EngineContext,
  { project, plan, obstacle }: Prepared,
  { request, fence }: Asking,
): Promise<SpecGate> {
  const { migrations } = plan;
  if (migrations.length === 0 || obstacle !== undefined) return noGate;
  const { database } = project;
  return openSpecGate(engine, {
    database,
    fence,
    findObstacle: () =>
      request.rehearseOn === "copy" ? "the copy has no rows" : findGateObstacle(project, migrations),
  });
}

/** A plan, what is known of it, and whether it may run. */
interface Order extends Asking {
  readonly call: CallContext;
  readonly prepared: Prepared;
  readonly settled: Settled;
  readonly gate: SpecGate;
}

type Answer = Omit<ApplyAnswer, "spec">;

async function rehearse(
  engine: EngineContext,
  { request, call, prepared, settled, gate }: Order,
): Promise<Answer> {
  const { judge, found } = collectEffects(settled, prepared.project.folder.label);
  const place = request.rehearseOn ?? "target";
  const { losses } = settled;
  const rehearsed = await rehearseApply(engine, call, { prepared, place, losses, judge, ...gate.forRun });
  return { ...rehearsed, settled: addEffects(settled, found()) };
}

/** Runs what needs no yes or has one; what a migration turns out to destroy is asked about then. */
async function applyWhatMay(engine: EngineContext, order: Order): Promise<Answer> {
  const { request, call, prepared, settled, fence } = order;
  if (settled.verdict !== "go") return { ...prepared, ends: [], settled };
  const answer = await run(engine, order);
  const asked = await askAboutEffects(engine, { request, call, fence, ends: answer.ends });
  return { ...answer, settled: asked ?? settled };
}

async function run(
  engine: EngineContext,
  { call, prepared, settled, gate }: Order,
): Promise<Omit<Answer, "settled">> {
  const { findDrift, losses } = settled;
  const placed = await writeGivenFile(engine, call, prepared);
  const { database, history } = placed.project;
  const { migrations } = placed.plan;
  if (migrations.length === 0) return { ...placed, ends: [] };
  const order = {
    migrations,
    known: new Set(history.entries.map((entry) => entry.version)),
    unfinished: unfinishedByVersion(placed),
    findDrift,
  };
  if (database.transport === "batch") {
    const context = await openBatchRun(engine, call, { database });
    const ends = await runBatchPlan({ ...order, context });
    return { ...placed, warnings: [...placed.warnings, ...warnAboutRequests(ends)], ends };
  }
  const context = {
    ...(await openRun(engine, call, { database })),
    ...undoOf(engine, {
      database,
      losses,
      isAlone: database.target.engine === "pglite",
      purges: "expired copies",
    }),
    guard: guardEffects(judgeEffects(settled, placed.project.folder.label)),
    ...gate.forRun,
  };
  return { ...placed, ends: await runPlan({ ...order, context }) };
}

function warnAboutRequests(ends: readonly MigrationEnd[]): readonly string[] {
  if (!ends.some((end) => end.kind === "applied")) return [];
  return [
    "Applied through the Management API: how many rows changed is not known there, and was not watched. No way back was looked for, so that rollback_migration cannot undo it.",
  ];
}

function unfinishedByVersion({ project }: Prepared): ReadonlyMap<Version, RunRecord> {
  return new Map(
    project.history.unfinished.flatMap((record) =>
      record.version === undefined ? [] : [[record.version, record] as const],
    ),
  );
}
