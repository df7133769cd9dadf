import type { Catalog, Change, Fact, FactKey } from "../model/catalog.ts";
import { factOf } from "../compare/change-id.ts";
import type { NamedCandidate } from "./renames.ts";

/** Changes by whether a script may touch them before somebody says what was renamed. */
export interface ChangesByRenames {
  readonly free: readonly Change[];
  readonly waiting: readonly Change[];
}

/**
 * Tells changes of objects about which nobody has said whether they were renamed, of their parts, and of what needs them or their name, from
 * those that can be made in any case.
 */
export function splitByRenames(
  changes: readonly Change[],
  unanswered: readonly NamedCandidate[],
  catalogs: readonly Catalog[],
): ChangesByRenames {
  if (unanswered.length === 0) return { free: changes, waiting: [] };
  const isOpen = findOpen(changes, unanswered, catalogs);
  return {
    free: changes.filter((change) => !isOpen(change)),
    waiting: changes.filter((change) => isOpen(change)),
  };
}

function findOpen(
  changes: readonly Change[],
  unanswered: readonly NamedCandidate[],
  catalogs: readonly Catalog[],
): (change: Change) => boolean {
  const open = new Map<FactKey, boolean>(
    unanswered.flatMap(({ from, to }) => [
      [from, true],
      [to, true],
    ]),
  );
  const added = new Map(
    changes.flatMap((change) => (change.kind === "removed" ? [] : [[change.key, factOf(change)] as const])),
  );
  const find = (key: FactKey) => catalogs.map(({ facts }) => facts.get(key)).find(Boolean);
  const taken = new Set(unanswered.flatMap(({ from }) => nameOf(find(from)) ?? []));
  const isOpen = (key: FactKey | undefined): boolean => {
    if (key === undefined) return false;
    const known = open.get(key);
    if (known !== undefined) return known;
    // Until it is known: circles end here.
    open.set(key, false);
    const fact = added.get(key) ?? find(key);
    const needed =
      fact === undefined ? [] : [fact.parent, fact.id.on, ...(added.has(key) ? fact.dependsOn : [])];
    const name = added.has(key) ? nameOf(fact) : undefined;
    const result = (name !== undefined && taken.has(name)) || needed.some(isOpen);
    open.set(key, result);
    return result;
  };
  return (change) => isOpen(change.key);
}

/** Relations share one space of names; what else can be renamed does not stand in anything's way. */
const relations: ReadonlySet<string> = new Set([
  "table",
  "view",
  "materialized_view",
  "foreign_table",
  "index",
  "sequence",
  "composite_type",
]);

function nameOf(fact: Fact | undefined): string | undefined {
  if (fact === undefined || !relations.has(fact.kind)) return undefined;
  return JSON.stringify([fact.id.schema, fact.id.name]);
}
