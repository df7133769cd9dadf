import { fingerprintSchema } from "../catalog/fingerprint.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { followNames } from "../confirmation/follow-names.ts";
import { judgeConfirmation } from "../confirmation/judge-confirmation.ts";
import { planIdIn } from "../confirmation/measured-losses.ts";
import { readLosses } from "../confirmation/read-losses.ts";
import type { WeighedFindings } from "../confirmation/weigh-findings.ts";
import { readLiveSchema } from "../execute/read-live-catalog.ts";
import { differences, list, refuseStale } from "../confirmation/refuse-stale.ts";
import { factsOfHistory, type PlanFacts } from "../confirmation/shown-plans.ts";
import type { Loss } from "../model/loss.ts";
import type { PlanParts, SchemaFingerprint } from "../model/plan.ts";
import { planIdOf } from "../plan/plan-id.ts";
import type { Reader } from "../ports.ts";
import type { Fence } from "../report/fence.ts";
import type { ApplyMigrationRequest, CallContext } from "../requests.ts";
import type { EngineContext } from "./context.ts";
import { judgeByRules } from "./judge-by-rules.ts";
import type { Prepared } from "./prepare-apply.ts";
import { findUnwatched } from "./unwatched-losses.ts";

/** What is known of a plan before it runs, and whether it may. */
export interface Settled {
  readonly verdict: "go" | "confirmation_required";
  readonly losses: readonly Loss[];
  readonly findings: WeighedFindings;
  /** Absent where nobody asked for it and nothing needs it: reading the whole schema takes time. */
  readonly planId?: string;
  /** The id that the caller's yes was given to; it may be bound to what was measured. */
  readonly approved?: string;
  /** Under the lock: what has changed in the schema since the plan was approved, as a sentence; undefined for nothing. */
  readonly findDrift?: (session: Reader) => Promise<string | undefined>;
}

/**
 * Reads what a plan would take away, and decides whether it may run. Throws `plan_is_stale` with what has changed where
 * another plan than this one was approved.
 */
export async function settleConfirmation(
  engine: EngineContext,
  { request, call, prepared, fence }: Question,
): Promise<Settled> {
  const { database, folder } = prepared.project;
  const acts = followNames(prepared.plan.migrations);
  const read = await readLosses(database, acts, engine.clock.monotonicMs);
  const found = database.transport === "batch" ? [...read, ...findUnwatched(prepared.plan.migrations)] : read;
  const losses = found.map((loss) => {
    const { file } = loss;
    if (file === undefined) return loss;
    const isKept = prepared.plan.migrations.some((each) => each.fileName === file && each.keepsData === true);
    const shown = { ...loss, file: `${folder.label}/${file}` };
    return isKept ? { ...shown, cannotComeBack: keptFor(loss, engine.limits.rollbackWindowHours) } : shown;
  });
  const approvals = [request.confirm, call.approvedPlan].filter((given) => given !== undefined);
  const { findings, catalog } = await judgeByRules(engine, prepared);
  const errorCount = findings.asked.length;
  const { isProduction } = engine;
  const changesProduction = isProduction && prepared.plan.migrations.length > 0;
  const isNamed =
    request.dryRun === true || approvals.length > 0 || losses.length + errorCount > 0 || changesProduction;
  if (!isNamed) return { verdict: "go", losses, findings };
  const live = catalog ?? (await readLiveSchema(database));
  const schema = fingerprintSchema(live);
  const parts = partsOf(prepared, schema);
  const planId = planIdOf("apply", parts);
  const now = factsOf(prepared, schema);
  for (const approved of approvals) {
    const shown = engine.shownPlans.recall(planIdIn(approved));
    refuseStale(planIdIn(approved), { planId, parts, now, shown, wrapName: fence.wrapName });
  }
  engine.shownPlans.remember(planId, now);
  const yes = call.approvedPlan ?? (call.canAskPerson === true ? undefined : request.confirm);
  const said = { confirm: undefined, ...(yes === undefined ? {} : { approvedPlan: planIdIn(yes) }) };
  const change = { planId, losses, errorCount, isProduction: changesProduction };
  const verdict = judgeConfirmation(change, said);
  const isShared = database.target.engine === "postgres";
  return {
    verdict,
    losses,
    findings,
    planId,
    ...(yes === undefined ? {} : { approved: yes }),
    ...(approvals.length > 0 && isShared ? { findDrift: watchSchema(schema, fence) } : {}),
  };
}

interface Question {
  readonly request: ApplyMigrationRequest;
  readonly call: CallContext;
  readonly prepared: Prepared;
  readonly fence: Fence;
}

/** What a file asks to keep comes back for a while; whether that works, the rehearsal tells. */
function keptFor({ cannotComeBack }: Loss, windowHours: number): string {
  return windowHours === 0
    ? cannotComeBack
    : `${cannotComeBack} (after ${windowHours} hours: the file asks to keep them until then)`;
}

function partsOf({ plan }: Prepared, schema: SchemaFingerprint): PlanParts {
  const { target, expectsHistory: history, expectsFiles: files } = plan;
  return { target, history, files, schema: schema.digest };
}

function factsOf({ plan, project }: Prepared, schema: SchemaFingerprint): PlanFacts {
  const files = plan.migrations.map(({ name, fileName, checksum }): [string, string] => [
    plan.isVersionOpen ? name : fileName,
    plan.isVersionOpen ? plan.expectsFiles : checksum,
  ]);
  return { files: new Map(files), history: factsOfHistory(project.history), schema: schema.objects };
}

function watchSchema(
  planned: SchemaFingerprint,
  fence: Fence,
): (session: Reader) => Promise<string | undefined> {
  return async (session) => {
    const { objects } = fingerprintSchema(await readCatalog(session));
    const found = differences(planned.objects, objects);
    if (found.length === 0) return undefined;
    return `Another session changed the schema after the plan was approved (${list(found, fence.wrapName)}).`;
  };
}
