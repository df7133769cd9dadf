import { unconfirmedLosses, withEffects } from "../confirmation/measured-losses.ts";
import type { MigrationEnd } from "../execute/run-plan.ts";
import { UnconfirmedEffects, type EffectsJudge } from "../execute/watch-effects.ts";
import type { MeasuredChange } from "../model/effects.ts";
import type { Loss } from "../model/loss.ts";
import type { Fence } from "../report/fence.ts";
import type { ApplyMigrationRequest, CallContext } from "../requests.ts";
import type { EngineContext } from "./context.ts";
import { prepareApply } from "./prepare-apply.ts";
import { promotionOf } from "./promotion.ts";
import { readProject } from "./read-project.ts";
import { settleConfirmation, type Settled } from "./settle-confirmation.ts";

/** Lets pass what goes unasked, what the plan was known to destroy, and what this very yes was given to. */
export function judgeEffects(settled: Settled, folder: string): EffectsJudge {
  const { planId, approved } = settled;
  return (fileName, changes) => {
    const losses = lossesOf({ settled, folder, fileName, changes });
    if (losses.length === 0) return;
    if (planId !== undefined && approved === withEffects(planId, losses)) return;
    throw new UnconfirmedEffects(losses);
  };
}

/** For a rehearsal, which stops nothing: the losses of the first migration at which applying would stop. */
export function collectEffects(
  settled: Settled,
  folder: string,
): { readonly judge: EffectsJudge; readonly found: () => readonly Loss[] } {
  let found: readonly Loss[] = [];
  return {
    judge: (fileName, changes) => {
      if (found.length === 0) found = lossesOf({ settled, folder, fileName, changes });
    },
    found: () => found,
  };
}

/** A plan together with what was measured in it: its losses, and an id that a yes to them is given to. */
export function addEffects(settled: Settled, measured: readonly Loss[]): Settled {
  if (measured.length === 0) return settled;
  const planId = withEffects(settled.planId ?? "", measured);
  return { ...settled, losses: [...measured, ...settled.losses], planId };
}

function lossesOf(measured: {
  readonly settled: Settled;
  readonly folder: string;
  readonly fileName: string;
  readonly changes: readonly MeasuredChange[];
}): readonly Loss[] {
  const { settled, folder, fileName, changes } = measured;
  const file = `${folder}/${fileName}`;
  return unconfirmedLosses(changes, settled.losses).map((loss) => ({ ...loss, file }));
}

interface Ended {
  readonly request: ApplyMigrationRequest;
  readonly call: CallContext;
  readonly fence: Fence;
  readonly ends: readonly MigrationEnd[];
}

/**
 * Where a migration was rolled back for what it did: the question about it, with the id of the plan as it is now, in which files
 * have been written and earlier migrations applied. Undefined where none was.
 */
export async function askAboutEffects(
  engine: EngineContext,
  { request, call, fence, ends }: Ended,
): Promise<Settled | undefined> {
  const stopped = ends.find((end) => end.kind === "unconfirmed");
  if (stopped === undefined) return undefined;
  const project = await readProject(engine, call);
  const promotion = await promotionOf(engine, project, request);
  const prepared = await prepareApply(project, request, { now: engine.clock.now(), promotion });
  const { confirm: _, ...asked } = request;
  const { approvedPlan: __, ...asking } = call;
  const settled = await settleConfirmation(engine, {
    request: { ...asked, dryRun: true },
    call: asking,
    prepared,
    fence,
  });
  return { ...addEffects(settled, stopped.losses), verdict: "confirmation_required" };
}
