import { needSession, readFrom } from "../database/transport.ts";
import { createHash } from "node:crypto";
import { fingerprintSchema } from "../catalog/fingerprint.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { followNames } from "../confirmation/follow-names.ts";
import { judgeConfirmation } from "../confirmation/judge-confirmation.ts";
import { readLosses } from "../confirmation/read-losses.ts";
import { refuseStale } from "../confirmation/refuse-stale.ts";
import { EngineError } from "../errors.ts";
import { runRollback, type UndoStep } from "../execute/run-rollback.ts";
import { StatementFailure } from "../execute/run-statement.ts";
import { readWaysBack } from "../history/read-ways-back.ts";
import type { Catalog } from "../model/catalog.ts";
import type { HistoryEntry, StatementResult } from "../model/history.ts";
import type { Loss } from "../model/loss.ts";
import type { RollbackMigrationReport } from "../model/rollback-report.ts";
import type { WayBack } from "../model/rollback.ts";
import { digestHistory, planIdOf } from "../plan/plan-id.ts";
import { assertUndoable, assertWays, type UndoableWay } from "../plan/rollback/assert-undoable.ts";
import { chooseRollback } from "../plan/rollback/choose-rollback.ts";
import { planUndoSql } from "../plan/rollback/plan-given.ts";
import { describeRollback } from "../report/describe-rollback.ts";
import { explainRefusedUndo } from "../report/explain-refused-undo.ts";
import type { Fence } from "../report/fence.ts";
import type { CallContext, RollbackMigrationRequest } from "../requests.ts";
import { assertWritable, newFence, openTarget, type EngineContext } from "./context.ts";
import { openProject } from "./open-project.ts";
import { openRun } from "./open-run.ts";
import type { Project } from "./read-project.ts";

/**
 * Undoes the newest applied migrations, all or nothing, while the server's clock says that the window is open. What it would take
 * away is asked about first. Throws `no_way_back`, `rollback_overlapped`, `rollback_drifted`, `rollback_needed`, `plan_is_stale`.
 */
export function rollbackMigration(
  engine: EngineContext,
  request: RollbackMigrationRequest,
  call: CallContext,
): Promise<RollbackMigrationReport> {
  assertWritable(engine, "Rolling back");
  return engine.inTurn(async (writer) => {
    needSession(await openTarget(writer, call), "Rolling back");
    const { project, warnings } = await openProject(writer, call);
    const fence = newFence();
    const answer = { target: project.database.target.label, folder: project.folder.label, warnings };
    const { chosen, later } = chooseRollback(project.history, request);
    const files = project.contents.files;
    if (chosen.length === 0)
      return describeRollback({ ...answer, status: "nothing_to_roll_back", ways: [] }, fence);
    const ways = await readWays(writer, project, { chosen, later });
    const windowHours = writer.limits.rollbackWindowHours;
    if (ways.chosen.some(({ isOpen }) => !isOpen)) {
      return describeRollback({ ...answer, status: "window_closed", ways: ways.chosen, windowHours }, fence);
    }
    const plan = await planSteps(project, ways, fence);
    const planned = await settle(writer, { request, call, project, plan, fence });
    const { losses, planId } = planned;
    if (request.dryRun === true || planned.verdict !== "go") {
      const status = request.dryRun === true ? "planned" : "confirmation_required";
      return describeRollback({ ...answer, status, ways: plan.ways, losses, planId, files }, fence);
    }
    const results = await carryOut(writer, call, { project, plan, planId, fence });
    return describeRollback({ ...answer, status: "rolled_back", ways: plan.ways, results, files }, fence);
  });
}

interface Chosen<T> {
  readonly chosen: readonly T[];
  readonly later: readonly T[];
}

async function readWays(
  engine: EngineContext,
  { database }: Project,
  { chosen, later }: Chosen<HistoryEntry>,
): Promise<Chosen<WayBack>> {
  const stranger = chosen.find(({ run }) => run === undefined);
  if (stranger !== undefined) {
    const { version } = stranger;
    throw new EngineError(
      "no_way_back",
      `${version} was not applied by Godwit, so that no way back is recorded.`,
      { version },
    );
  }
  const idsOf = (entries: readonly HistoryEntry[]) =>
    entries.flatMap(({ run }) => (run === undefined ? [] : [run.id]));
  const { rollbackWindowHours } = engine.limits;
  return readFrom(database, async (session) => ({
    chosen: await readWaysBack(session, idsOf(chosen), rollbackWindowHours),
    later: await readWaysBack(session, idsOf(later), rollbackWindowHours),
  }));
}

interface PlannedRollback {
  readonly ways: readonly UndoableWay[];
  readonly steps: readonly UndoStep[];
  readonly catalog: Catalog;
  readonly assertFits: (now: Catalog) => void;
}

async function planSteps(project: Project, found: Chosen<WayBack>, fence: Fence): Promise<PlannedRollback> {
  const { wrapName } = fence;
  const ways = assertWays(found.chosen, wrapName);
  const catalog = await readFrom(project.database, readCatalog);
  const assertFits = (now: Catalog) => assertUndoable({ ways, later: found.later, now, wrapName });
  assertFits(catalog);
  const steps: UndoStep[] = [];
  for (const way of ways) {
    const { version, name, checksum = "" } = way;
    const fileName = `${version}_${name}.sql`;
    const planned = await planUndoSql({ version, name, fileName, checksum }, way.rollback.sql);
    if (planned.kind === "refused")
      throw new EngineError("no_way_back", `${version} cannot be rolled back: ${planned.reason}`, {
        version,
      });
    steps.push({ way, undo: planned.migration });
  }
  return { ways, steps, catalog, assertFits };
}

interface Settling {
  readonly request: RollbackMigrationRequest;
  readonly call: CallContext;
  readonly project: Project;
  readonly plan: PlannedRollback;
  readonly fence: Fence;
}

async function settle(
  engine: EngineContext,
  { request, call, project, plan, fence }: Settling,
): Promise<{
  readonly verdict: "go" | "confirmation_required";
  readonly planId: string;
  readonly losses: readonly Loss[];
}> {
  const { database, history } = project;
  const acts = followNames(plan.steps.map(({ undo }) => undo));
  const found = await readLosses(database, acts, engine.clock.monotonicMs);
  // Lines of a script that nobody has as a file lead nowhere.
  const losses = found
    .filter(({ name }) => !name.startsWith("supabase_migrations.kept_"))
    .map(({ file: _, line: __, ...loss }) => loss);
  const schema = fingerprintSchema(plan.catalog);
  const scripts = plan.ways.map(({ version, rollback }): [string, string] => [version, digest(rollback.sql)]);
  const parts = {
    target: database.target.id,
    history: digestHistory(history),
    files: digest(scripts),
    schema: schema.digest,
  };
  const planId = planIdOf("rollback", parts);
  const now = {
    files: new Map(scripts),
    history: new Map(
      history.entries.map(({ version, name, statements }): [string, string] => [
        version,
        digest([name, statements]),
      ]),
    ),
    schema: schema.objects,
  };
  for (const approved of [request.confirm, call.approvedPlan]) {
    if (approved === undefined) continue;
    refuseStale(approved, {
      planId,
      parts,
      now,
      shown: engine.shownPlans.recall(approved),
      wrapName: fence.wrapName,
    });
  }
  engine.shownPlans.remember(planId, now);
  const change = { planId, losses, errorCount: 0, isProduction: engine.isProduction };
  const verdict = judgeConfirmation(change, { ...call, confirm: request.confirm });
  return { verdict, planId, losses };
}

async function carryOut(
  engine: EngineContext,
  call: CallContext,
  {
    project,
    plan,
    planId,
    fence,
  }: Pick<Settling, "project" | "plan" | "fence"> & { readonly planId: string },
): Promise<readonly (readonly StatementResult[])[]> {
  const { database, history } = project;
  const context = await openRun(engine, call, { database: needSession(database, "Rolling back") });
  const order = {
    id: planId,
    steps: plan.steps,
    expectsHistory: digestHistory(history),
    assertFits: plan.assertFits,
  };
  try {
    return await context.database.withSession((session) => runRollback({ ...context, session }, order));
  } catch (error) {
    if (error instanceof StatementFailure) throw explainRefusedUndo(error, fence);
    throw error;
  }
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
