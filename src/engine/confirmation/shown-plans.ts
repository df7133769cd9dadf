import { createHash } from "node:crypto";
import type { History } from "../model/history.ts";
import type { SchemaFingerprint } from "../model/plan.ts";

/** What was so when a plan was shown, to name what has changed since. */
export interface PlanFacts {
  /** Digest of each file by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** Digest of each history entry by its version. */
  readonly history: ReadonlyMap<string, string>;
  readonly schema: SchemaFingerprint["objects"];
}

/** Each entry's digest by its version. */
export function factsOfHistory({ entries }: History): PlanFacts["history"] {
  return new Map(
    entries.map(({ version, name, statements }): [string, string] => [
      version,
      createHash("sha256")
        .update(JSON.stringify([name ?? null, statements ?? null]))
        .digest("hex")
        .slice(0, 16),
    ]),
  );
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
