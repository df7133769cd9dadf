import type { Loss } from "../model/loss.ts";
import type { CallContext } from "../requests.ts";

/** A change that is planned and not yet made; what any use case that destroys something hands in. */
export interface PlannedChange {
  readonly planId: string;
  readonly losses: readonly Loss[];
  /** Findings of severity error: what they tell of is confirmed too. */
  readonly errorCount: number;
  /** Changes of production are confirmed always. */
  readonly isProduction: boolean;
  /** Files and rows of the history are replaced: confirmed always, although all of them are kept. */
  readonly replacesHistory?: true;
}

/** What the caller has said so far: `confirm` is the argument of the tool. */
export type Said = Pick<CallContext, "canAskPerson" | "approvedPlan"> & {
  readonly confirm: string | undefined;
};

/**
 * The one policy on what needs a yes: losses, error findings, a history that is replaced, and whatever changes production. A person's yes to this very plan is one; a plan id as
 * argument is one where the caller has nobody to ask. That the given ids are those of this plan is `refuseStale`'s to see.
 */
export function judgeConfirmation(change: PlannedChange, said: Said): "go" | "confirmation_required" {
  const isHarmless = change.losses.length === 0 && change.errorCount === 0;
  if (isHarmless && change.replacesHistory === undefined && !change.isProduction) return "go";
  if (said.approvedPlan === change.planId) return "go";
  if (said.canAskPerson !== true && said.confirm === change.planId) return "go";
  return "confirmation_required";
}
