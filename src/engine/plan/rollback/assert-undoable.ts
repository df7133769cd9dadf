import { EngineError } from "../../errors.ts";
import type { Catalog, FactKey } from "../../model/catalog.ts";
import { listFew } from "../../model/list-few.ts";
import type { Rollback, WayBack } from "../../model/rollback.ts";
import { digestIn, isPartOf, standsOn } from "./touched-objects.ts";

/** A migration that is to be undone, with a way back. */
export interface UndoableWay extends WayBack {
  readonly rollback: Rollback & { readonly sql: string };
}

interface Question {
  /** Newest first. */
  readonly ways: readonly UndoableWay[];
  /** What was applied after one of them and stays. */
  readonly later: readonly WayBack[];
  readonly now: Catalog;
  /** Makes a name from the database safe to show. */
  readonly wrapName: (name: string) => string;
}

/** The way back of each, or `no_way_back`. */
export function assertWays(
  ways: readonly WayBack[],
  wrapName: (name: string) => string,
): readonly UndoableWay[] {
  return ways.map((way) => {
    const { rollback, version } = way;
    const sql = rollback?.sql;
    if (rollback !== undefined && sql !== undefined && rollback.verdict !== "impossible") {
      return { ...way, rollback: { ...rollback, sql } };
    }
    const why =
      rollback?.reason === undefined
        ? "nobody looked for its way back when it was applied"
        : `its way back is ${rollback.verdict}: ${wrapName(rollback.reason)}`;
    throw new EngineError("no_way_back", `${version} cannot be rolled back: ${why}.`, { version });
  });
}

/**
 * Throws where undoing would meet another schema than the one that the migrations left: `rollback_overlapped` for objects that later
 * migrations touch, `rollback_drifted` for objects that changed since, `rollback_needed` for what others have come to depend on. Pure.
 */
export function assertUndoable({ ways, later, now, wrapName }: Question): void {
  const list = (keys: readonly string[]) => listFew(keys, 5, (key) => showKey(key, wrapName));
  const touched = new Set(ways.flatMap(({ rollback }) => rollback.objects.map(({ key }) => key)));
  for (const { rollback, version } of later) {
    const shared = rollback?.objects.filter(({ key }) => touched.has(key)).map(({ key }) => key) ?? [];
    if (shared.length === 0) continue;
    throw new EngineError(
      "rollback_overlapped",
      `${version}, applied later, touches the same objects: ${list(shared)}.`,
      { version },
    );
  }
  const drifted = findDrifted(ways, now);
  if (drifted.length > 0) {
    throw new EngineError("rollback_drifted", `What the migration made has changed since: ${list(drifted)}.`);
  }
  const { parts, dependants } = findNewcomers(ways, touched, now);
  if (parts.length > 0) {
    throw new EngineError(
      "rollback_drifted",
      `Something was added since to what the migration made: ${list(parts)}.`,
    );
  }
  if (dependants.length > 0) {
    throw new EngineError(
      "rollback_needed",
      `Something depends by now on what the migration made: ${list(dependants)}.`,
    );
  }
}

/** Objects that are not what the migrations left; each undone one leads to what the one before it left. */
function findDrifted(ways: readonly UndoableWay[], now: Catalog): readonly string[] {
  const expected = new Map<string, string | null>();
  const drifted = new Set<string>();
  for (const { rollback } of ways) {
    for (const { key, before, after } of rollback.objects) {
      const digest = expected.has(key) ? expected.get(key) : digestIn(now, key);
      if (digest !== after) drifted.add(key);
      expected.set(key, before);
    }
  }
  return [...drifted];
}

/** What was added since to objects that go, and what depends on them. */
function findNewcomers(
  ways: readonly UndoableWay[],
  touched: ReadonlySet<string>,
  now: Catalog,
): { readonly parts: readonly FactKey[]; readonly dependants: readonly FactKey[] } {
  const going = new Set<string>(
    [...restored(ways)].flatMap(([key, before]) => (before === null ? [key] : [])),
  );
  const isGoing = (key: FactKey) => going.has(key);
  const newcomers = [...now.facts.values()].filter(
    (fact) => !touched.has(fact.key) && !fact.provenance.startsWith("extension:") && standsOn(fact, isGoing),
  );
  const parts = newcomers.filter((fact) => isPartOf(fact, isGoing));
  const dependants = newcomers.filter((fact) => !isPartOf(fact, isGoing));
  return { parts: parts.map(({ key }) => key), dependants: dependants.map(({ key }) => key) };
}

/** What undoing leads to: the digest of each touched object before the first of the migrations that touched it. */
export function restored(ways: readonly UndoableWay[]): ReadonlyMap<string, string | null> {
  return new Map(
    ways.flatMap(({ rollback }) => rollback.objects.map(({ key, before }) => [key, before] as const)),
  );
}

/** Objects that undoing did not bring back to what they were. */
export function findUnrestored(ways: readonly UndoableWay[], end: Catalog): readonly string[] {
  return [...restored(ways)].flatMap(([key, before]) => (digestIn(end, key) === before ? [] : [key]));
}

function showKey(key: string, wrapName: (name: string) => string): string {
  const plain = /^[a-z_]+ (?:"[A-Za-z0-9_]{1,63}"\.?)+$/;
  return plain.test(key) ? key.replaceAll('"', "") : wrapName(key.slice(0, 200));
}
