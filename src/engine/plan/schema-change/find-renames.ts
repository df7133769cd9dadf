import type { Change, Fact } from "../../model/catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";
import { ownerNameOf, referTo } from "./names.ts";
import type { RenameCandidate } from "./schema-change.ts";
import type { Side, World } from "./world.ts";

/** Pairs of one removed and one added object that are alike but for the name; none where more than one would do. */
export function findRenames(world: World, changes: readonly Change[]): readonly RenameCandidate[] {
  const removed = collect(changes, "removed", world.from);
  if (removed.size === 0) return [];
  const added = collect(changes, "added", world.to);
  return [...removed].flatMap(([print, before]) => {
    const after = added.get(print) ?? [];
    const [from, to] = [before[0], after[0]];
    if (from === undefined || to === undefined || before.length > 1 || after.length > 1) return [];
    return [{ from: from.key, to: to.key, sql: rename(from, to) }];
  });
}

const renameable: ReadonlySet<string> = new Set([
  "table",
  "column",
  "view",
  "materialized_view",
  "index",
  "sequence",
  "enum",
  "function",
]);

function collect(
  changes: readonly Change[],
  kind: "added" | "removed",
  side: Side,
): ReadonlyMap<string, readonly Fact[]> {
  const byPrint = new Map<string, Fact[]>();
  const keys = new Set(changes.filter((change) => change.kind === kind).map((change) => change.key));
  for (const change of changes) {
    if (change.kind !== kind || !renameable.has(change.fact.kind)) continue;
    const { fact } = change;
    // A column of a new or dropped table is no candidate of its own.
    if (fact.parent !== undefined && keys.has(fact.parent)) continue;
    const print = JSON.stringify([
      fact.kind,
      fact.id.schema,
      fact.id.within,
      fact.id.signature,
      describe(fact, side),
    ]);
    byPrint.set(print, [...(byPrint.get(print) ?? []), fact]);
  }
  return byPrint;
}

/** What the object is, without its name. */
function describe(fact: Fact, side: Side): unknown {
  const parts = side
    .children(fact.key)
    .filter((part) => part.kind === "column" || part.kind === "default")
    .map((part) => [part.kind, part.kind === "column" ? part.id.name : "", part.attributes]);
  return [fact.attributes, parts];
}

function rename(from: Fact, to: Fact): string {
  const name = quoteIdentifier(to.id.name);
  return from.kind === "column"
    ? `alter table ${ownerNameOf(from.id)} rename column ${quoteIdentifier(from.id.name)} to ${name}`
    : `alter ${referTo(from)} rename to ${name}`;
}
