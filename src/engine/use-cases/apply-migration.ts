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
import { openRun } from "./open-run.ts";
import { findGateObstacle, noGate, openSpecGate, type SpecGate } from "./spec-gate.ts";
import { prepareApply, writeGivenFile, type Prepared } from "./prepare-apply.ts";
import { assertNothingInTheWay, promotionOf } from "./promotion.ts";
import { readProject } from "./read-project.ts";
import { rehearseApply } from "./rehearse-apply.ts";
import { settleUnfinishedChanges } from "./settle-changes.ts";
import { undoOf } from "./undo-of.ts";
import { settleConfirmation, type Settled } from "./settle-confirmation.ts";
import { addEffects, askAboutEffects, collectEffects, judgeEffects } from "./settle-effects.ts";

type Unsettled = Omit<ApplyAnswer, "settled" | "spec">;

/** Applies files, or SQL that becomes a file first; with `dryRun` everything is rolled back and nothing is written. */
export function applyMigration(
  engine: EngineContext,
  request: ApplyMigrationRequest,
  call: CallContext,
): Promise<ApplyMigrationReport> {
  assertWritable(engine, "Applying migrations");
  assertConsistent(request);
  return engine.inTurn(async (writer) => {
    const mended = await settleUnfinishedChanges(writer, call);
    const project = await readProject(writer, call);
    const promotion = await promotionOf(writer, project, request);
    const planned = await prepareApply(project, request, { now: writer.clock.now(), promotion });
    const prepared = { ...planned, warnings: [...mended, ...planned.warnings] };
    const fence = newFence();
    if (promotion !== undefined)
      await assertNothingInTheWay(writer, project, { files: promotion.files, fence });
    const gate = await openGate(writer, prepared, { request, fence });
    const isDry = request.dryRun === true || request.rehearseOn !== undefined;
    const settled = await settleConfirmation(writer, {
      request: { ...request, dryRun: isDry },
      call,
      prepared,
      fence,
    });
    if (isDry) {
      const { judge, found } = collectEffects(settled, project.folder.label);
      const place = request.rehearseOn ?? "target";
      const rehearsed = await rehearseApply(writer, call, {
        prepared,
        place,
        losses: settled.losses,
        judge,
        ...gate.forRun,
      });
      const answer = { ...rehearsed, spec: gate.note(), settled: addEffects(settled, found()) };
      return describeApply(answer, fence, call.answerSize);
    }
    const isGo = settled.verdict === "go";
    const answer: Unsettled = isGo
      ? await run(writer, call, { prepared, settled, gate })
      : { ...prepared, ends: [] };
    const asked = await askAboutEffects(writer, { request, call, fence, ends: answer.ends });
    return describeApply({ ...answer, spec: gate.note(), settled: asked ?? settled }, fence, call.answerSize);
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

interface Go {
  readonly prepared: Prepared;
  readonly settled: Settled;
  readonly gate: SpecGate;
}

async function run(
  engine: EngineContext,
  call: CallContext,
  { prepared, settled, gate }: Go,
): Promise<Unsettled> {
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
    const context = await openBatchRun(engine, call, database);
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
