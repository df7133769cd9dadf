import type { SchemaFingerprint } from "../model/plan.ts";

/** What was so when a plan was shown, to name what has changed since. */
export interface PlanFacts {
  /** Digest of each file by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** Digest of each history entry by its version. */
  readonly history: ReadonlyMap<string, string>;
  readonly schema: SchemaFingerprint["objects"];
}

/** The plans that this process has shown lately. Only names are lost with it: what has changed stands in the id. */
export interface ShownPlans {
  readonly remember: (planId: string, facts: PlanFacts) => void;
  readonly recall: (planId: string) => PlanFacts | undefined;
}

/** A schema of 2,000 objects takes about 300 KB. */
const mostPlans = 16;

export function createShownPlans(): ShownPlans {
  const plans = new Map<string, PlanFacts>();
  return {
    remember: (planId, facts) => {
      plans.delete(planId);
      plans.set(planId, facts);
      const [oldest] = plans.keys();
      if (plans.size > mostPlans && oldest !== undefined) plans.delete(oldest);
    },
    recall: (planId) => plans.get(planId),
  };
}
