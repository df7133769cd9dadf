import { fingerprintSchema } from "../catalog/fingerprint.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { followNames } from "../confirmation/follow-names.ts";
import { judgeConfirmation } from "../confirmation/judge-confirmation.ts";
import { readLosses } from "../confirmation/read-losses.ts";
import { refuseStale } from "../confirmation/refuse-stale.ts";
import type { KeyColumn } from "../execute/batch-range.ts";
import type { Loss } from "../model/loss.ts";
import type { BatchStatement } from "../model/phase.ts";
import { planIdOf } from "../plan/plan-id.ts";
import type { Fence } from "../report/fence.ts";
import type { CallContext, RunPhaseRequest } from "../requests.ts";
import type { EngineContext } from "./context.ts";
import type { PreparedPhase } from "./prepare-phase.ts";

export interface SettledPhase {
  readonly verdict: "go" | "confirmation_required";
  readonly losses: readonly Loss[];
  readonly planId: string | undefined;
}

export interface PhaseQuestion {
  readonly prepared: PreparedPhase;
  /** The key's column, for a phase in batches. */
  readonly column: KeyColumn | undefined;
  readonly request: RunPhaseRequest;
  readonly call: CallContext;
  readonly fence: Fence;
}

/** What a phase takes away, and whether it may run. A phase that goes on was confirmed when it began. Throws `plan_is_stale`. */
export async function settlePhase(engine: EngineContext, question: PhaseQuestion): Promise<SettledPhase> {
  const { prepared, column, request, call } = question;
  const losses = prepared.verdict === "begin" ? await findLosses(engine, prepared, column) : [];
  const approvals = [request.confirm, call.approvedPlan].filter((given) => given !== undefined);
  const { isProduction } = engine;
  const isNamed = losses.length > 0 || approvals.length > 0 || request.dryRun === true || isProduction;
  if (prepared.verdict !== "begin" || !isNamed) return { verdict: "go", losses, planId: undefined };
  const planId = await namePlan(engine, question, approvals);
  const change = { planId, losses, errorCount: 0, isProduction };
  const verdict = judgeConfirmation(change, { ...call, confirm: request.confirm });
  return { verdict, losses, planId };
}

async function findLosses(
  engine: EngineContext,
  { database, planned }: PreparedPhase,
  column: KeyColumn | undefined,
): Promise<readonly Loss[]> {
  const acts = followNames([planned.migration]);
  const known = await readLosses(database, acts, engine.clock.monotonicMs);
  if (planned.batch === undefined || column === undefined || column.rows === 0) return known;
  return [...known, ...lossesOfBatches(planned.batch, column)];
}

/** What every batch does to all of its rows, each row once. */
function lossesOfBatches({ takes, batching: { key } }: BatchStatement, column: KeyColumn): readonly Loss[] {
  return takes.map(({ relation, change, isWhole }): Loss => {
    const isKeyTable = relation.name === key.table && (relation.schema ?? key.schema) === key.schema;
    const certainty = column.isEstimate ? "estimated" : "counted";
    return {
      kind: "table",
      name: `${relation.schema ?? key.schema}.${relation.name}`,
      change,
      ...(isKeyTable && isWhole ? { rows: { count: column.rows, certainty } } : {}),
      cannotComeBack: change === "deleted" ? "its rows" : "the values before",
    };
  });
}

async function namePlan(
  engine: EngineContext,
  { prepared, fence }: PhaseQuestion,
  approvals: readonly string[],
): Promise<string> {
  const { database, planned, recorded } = prepared;
  const schema = fingerprintSchema(await database.withSession(readCatalog));
  const history = `${recorded?.status ?? ""} ${recorded?.checksum ?? ""}`;
  const parts = { target: database.target.id, history, files: planned.checksum, schema: schema.digest };
  const planId = planIdOf("phase", parts);
  const now = {
    files: new Map([[planned.source.fileName, planned.checksum]]),
    history: new Map([[planned.source.number, history]]),
    schema: schema.objects,
  };
  for (const approved of approvals) {
    const shown = engine.shownPlans.recall(approved);
    refuseStale(approved, { planId, parts, now, shown, wrapName: fence.wrapName });
  }
  engine.shownPlans.remember(planId, now);
  return planId;
}
