import type { Change, Fact, FactKey } from "../../model/catalog.ts";
import type { Alteration, AttributeChange, Disturbance, Reaction, Rule } from "./rule.ts";
import { goesWithAbove } from "./rules/attached-index.ts";
import { replaceAtOnce, replaceMeanwhile } from "./replace-parts.ts";
import { isRedacted } from "./rules/foreign-options.ts";
import { rowSource } from "./rules/row-columns.ts";
import { rules } from "./rules/index.ts";
import type { Refusal } from "./schema-change.ts";
import { isGoing, textOf, type World } from "./world.ts";

/** What was decided: alterations by object, and what cannot be done. */
export interface Decisions {
  readonly alterations: ReadonlyMap<FactKey, Alteration>;
  readonly refusals: readonly Refusal[];
}

/** Decides for every changed object what becomes of it, and for everything that depends on it; writes `world.intents`. What is to be made `anew` is not altered in place. */
export function decideIntents(
  world: World,
  changes: readonly Change[],
  anew: ReadonlySet<FactKey> = new Set(),
): Decisions {
  const alterations = new Map<FactKey, Alteration>();
  const refusals: Refusal[] = [];
  const queue: Disturbance[] = [];
  for (const [key, own] of groupByKey(changes)) {
    const first = own[0];
    const fact = first?.kind === "altered" ? first.to : first?.fact;
    if (first === undefined || fact === undefined || fact.kind === "grant") continue;
    const rule = rules[fact.kind];
    refusals.push(...refuseSecrets(key, own));
    if (rule === undefined) {
      refusals.push({
        key,
        changes: own,
        reason: `No rule says how to change a ${fact.kind.replaceAll("_", " ")}.`,
      });
    } else if (first.kind === "altered") {
      decideAlteration({ key, own, rule, world, anew, alterations, refusals, queue });
    } else {
      world.intents.set(key, first.kind === "added" ? "create" : "drop");
      if (first.kind === "removed") queue.push({ cause: first.fact, how: "dropped" });
    }
  }
  queue.push(...replaceAtOnce(world));
  while (queue.length > 0) {
    spread(queue, world, alterations);
    queue.push(...replaceMeanwhile(world));
  }
  return { alterations, refusals };
}

/** What is left of a change once everything but a secret is done. */
function refuseSecrets(key: FactKey, own: readonly Change[]): readonly Refusal[] {
  const secret = own.filter((change) => {
    if (change.kind === "removed") return false;
    if (change.kind === "altered") return isRedacted(change.after);
    return change.fact.kind === "subscription" || Object.values(change.fact.attributes).some(isRedacted);
  });
  const reason = "It holds a secret that no catalog shows: set it by hand.";
  return secret.length === 0 ? [] : [{ key, changes: secret, reason }];
}

function decideAlteration(parts: {
  readonly key: FactKey;
  readonly own: readonly Change[];
  readonly rule: Rule;
  readonly world: World;
  readonly anew: ReadonlySet<FactKey>;
  readonly alterations: Map<FactKey, Alteration>;
  readonly refusals: Refusal[];
  readonly queue: Disturbance[];
}): void {
  const { key, own, rule, world } = parts;
  const alteration = toAlteration(own);
  if (alteration === undefined) return;
  const decision = rule.decide(alteration, world);
  if (decision.kind === "refuse") {
    parts.refusals.push({ key, changes: own, reason: decision.reason });
    return;
  }
  parts.alterations.set(key, alteration);
  const isAnew = decision.kind === "replace" || parts.anew.has(key);
  world.intents.set(key, isAnew ? "replace" : decision.kind);
  if (isAnew) parts.queue.push({ cause: alteration.from, how: "replaced" });
  else if (decision.kind === "alter" && decision.disturbs === true)
    parts.queue.push({ cause: alteration.from, how: "retyped" });
}

/** Lets every dependant react, and the dependants of those that are made anew in turn. */
function spread(queue: Disturbance[], world: World, alterations: ReadonlyMap<FactKey, Alteration>): void {
  // A queue of tens of thousands is walked, since taking from its front moves all the others.
  for (const next of queue) {
    for (const fact of reached(next, world)) {
      if (fact.kind === "grant" || !world.to.facts.has(fact.key) || isGoing(world, fact.key)) continue;
      const reaction = reactTo({ fact, disturbance: next, world, alterations });
      if (reaction === "replace") {
        world.intents.set(fact.key, "replace");
        queue.push({ cause: fact, how: "replaced" });
      } else if (reaction === "retype" && !world.retyped.has(fact.key)) {
        world.retyped.add(fact.key);
        world.intents.set(fact.key, "alter");
        queue.push({ cause: fact, how: "retyped" });
      } else if (next.how === "retyped" && isKey(fact)) {
        queue.push({ cause: fact, how: "retyped" });
      } else if (reaction === "reattach") {
        world.intents.set(fact.key, "reattach");
      }
    }
  }
  queue.length = 0;
}

/** What foreign keys may stand on; they have to go while it is built anew. */
function isKey(fact: Fact): boolean {
  return ["primary key", "unique"].includes(textOf(fact, "type") ?? "") || fact.kind === "index";
}

function reached({ cause, how }: Disturbance, world: World): readonly Fact[] {
  const dependents = world.from.dependents(cause.key);
  return how === "retyped"
    ? [...dependents, ...world.from.children(cause.key, "default"), ...rowHolders(cause, world)]
    : [...world.from.children(cause.key), ...dependents];
}

/** Columns elsewhere that hold rows of the column's table. */
function rowHolders({ kind, parent }: Fact, world: World): readonly Fact[] {
  if (kind !== "column" || parent === undefined) return [];
  return world.from.dependents(parent).filter((fact) => rowSource(fact, world.from)?.key === parent);
}

function reactTo(parts: {
  readonly fact: Fact;
  readonly disturbance: Disturbance;
  readonly world: World;
  readonly alterations: ReadonlyMap<FactKey, Alteration>;
}): Reaction {
  const { fact, disturbance, world, alterations } = parts;
  const { cause, how } = disturbance;
  const isPart = fact.parent === cause.key;
  if (isPart && how !== "retyped") return "replace";
  if (how !== "retyped" && goesWithAbove(fact, world) === cause.key) return "replace";
  if (how === "dropped" && releases(fact, cause.key, world, alterations)) return "keep";
  return rules[fact.kind]?.react(fact, disturbance, world) ?? "keep";
}

/** True where the object's own alteration makes it let go of what is dropped. */
function releases(
  fact: Fact,
  cause: FactKey,
  world: World,
  alterations: ReadonlyMap<FactKey, Alteration>,
): boolean {
  const after = world.to.facts.get(fact.key);
  if (after === undefined || after.dependsOn.includes(cause)) return false;
  const alteration = alterations.get(fact.key);
  // Of a column only its type depends on anything, and another type may have come under the same name.
  if (fact.kind === "column") return alteration?.changed.has("type") === true;
  return alteration !== undefined && [...alteration.changed.keys()].some((name) => !name.startsWith("owner"));
}

function groupByKey(changes: readonly Change[]): ReadonlyMap<FactKey, readonly Change[]> {
  const groups = new Map<FactKey, Change[]>();
  for (const change of changes) {
    const group = groups.get(change.key);
    if (group === undefined) groups.set(change.key, [change]);
    else group.push(change);
  }
  return groups;
}

function toAlteration(changes: readonly Change[]): Alteration | undefined {
  const altered = changes.filter((change) => change.kind === "altered");
  const [first] = altered;
  if (first === undefined) return undefined;
  const changed = new Map<string, AttributeChange>(
    altered.map(({ attribute, before, after }) => [attribute, { before, after }]),
  );
  return { from: first.from, to: first.to, changed };
}
