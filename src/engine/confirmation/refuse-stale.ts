import { EngineError } from "../errors.ts";
import { listFew } from "../model/list-few.ts";
import type { PlanParts } from "../model/plan.ts";
import { changedParts, type ChangedPart } from "../plan/plan-id.ts";
import type { PlanFacts } from "./shown-plans.ts";

/** A plan as it is now, beside the id that a caller has approved. */
export interface PlanToCompare {
  readonly planId: string;
  readonly parts: PlanParts;
  readonly now: PlanFacts;
  /** What was so when the approved plan was shown; undefined where another process showed it. */
  readonly shown: PlanFacts | undefined;
  /** Makes a name from the database safe to show. */
  readonly wrapName: (name: string) => string;
  /** How to see the plan of now, where that is not a dry run of apply_migration. */
  readonly hint?: string;
}

/** Throws `plan_is_stale` with what has changed, unless the approved plan is the one of now. */
export function refuseStale(approved: string, plan: PlanToCompare): void {
  if (approved === plan.planId) return;
  const changed = changedParts(approved, plan.parts);
  const sentences = changed.map((part) => describePart(part, plan));
  throw new EngineError(
    "plan_is_stale",
    sentences.length > 0
      ? `The plan that was approved is no longer the plan: ${sentences.join("; ")}.`
      : `${JSON.stringify(approved.slice(0, 80))} is not the id of this plan.`,
    plan.hint === undefined ? {} : { hint: plan.hint },
  );
}

const words: Readonly<Record<ChangedPart, string>> = {
  target: "it was made for another target",
  history: "the history has changed",
  files: "the migrations have changed",
  schema: "the schema has changed",
};

function describePart(part: ChangedPart, { shown, now, wrapName }: PlanToCompare): string {
  if (part === "target" || shown === undefined) return words[part];
  const names = differences(shown[part], now[part]);
  return names.length === 0 ? words[part] : `${words[part]} (${list(names, wrapName)})`;
}

interface Difference {
  readonly name: string;
  readonly how: "new" | "changed" | "gone";
}

/** Every key that two sets of digests do not agree on. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Difference[] {
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const others = [...after].flatMap(([name, digest]): readonly Difference[] => {
    const known = before.get(name);
    if (known === digest) return [];
    return [{ name, how: known === undefined ? "new" : "changed" }];
  });
  return [...others, ...gone.map((name) => ({ name, how: "gone" as const }))];
}

const mostNames = 8;

/** Differences as a list for a sentence. */
export function list(found: readonly Difference[], wrapName: (name: string) => string): string {
  return listFew(found, mostNames, ({ name, how }) => `${how}: ${showKey(name, wrapName)}`);
}

/** A catalog's key without its quotes where every name in it can only be a name; else fenced as a whole. */
function showKey(key: string, wrapName: (name: string) => string): string {
  const names = [...key.matchAll(/"((?:[^"]|"")*)"/g)].map(([, name = ""]) => name);
  const isPlain = names.length > 0 && names.every((name) => /^[A-Za-z0-9_]{1,63}$/.test(name));
  return isPlain ? key.replaceAll('"', "").slice(0, 200) : wrapName(key);
}
