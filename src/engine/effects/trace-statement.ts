import type { SeenRelation, StatementTrace, TransactionState } from "../model/effects.ts";
import { changedRows, grown } from "./row-counters.ts";

/** Everything that existed before the transaction, and the transaction before and after one of its statements. */
export interface StatementStates {
  readonly existing: ReadonlyMap<string, SeenRelation>;
  readonly before: TransactionState;
  readonly after: TransactionState;
}

/** What the statement between two states did. What the transaction itself has made is left out: nobody else can miss it. */
export function traceStatement(states: StatementStates): StatementTrace {
  const { existing, before, after } = states;
  const dropped = findDropped(states);
  return {
    locks: newLocks(states),
    rewrites: findNewFiles(states),
    scans: findScans(states),
    rows: changedRows(before.counters, after.counters),
    emptied: findNewFiles(states).filter((relation) => isEmptied(relation, states)),
    dropped: [...existing.values()].filter(({ oid }) => dropped.has(oid)),
  };
}

function newLocks({ existing, before, after }: StatementStates): StatementTrace["locks"] {
  return [...after.locks].flatMap(([oid, modes]) => {
    const relation = existing.get(oid);
    const held = before.locks.get(oid) ?? [];
    const fresh = modes.filter((mode) => !held.includes(mode));
    if (relation === undefined || fresh.length === 0) return [];
    const onTable = relation.ofTable === undefined ? [] : (after.locks.get(relation.ofTable) ?? []);
    return [{ relation, modes: fresh, held, onTable }];
  });
}

/** What is locked and no longer there: nothing is dropped without a lock on it. */
function findDropped({ existing, before, after }: StatementStates): ReadonlySet<string> {
  const isThere = (state: TransactionState, oid: string) => !state.locks.has(oid) || state.relations.has(oid);
  return new Set(
    [...after.locks.keys()].filter(
      (oid) => existing.has(oid) && isThere(before, oid) && !isThere(after, oid),
    ),
  );
}

function findNewFiles({ existing, before, after }: StatementStates): readonly SeenRelation[] {
  return [...after.relations.values()].flatMap((now) => {
    const first = existing.get(now.oid);
    const then = before.relations.get(now.oid) ?? first;
    return first === undefined || then?.fileNode === now.fileNode ? [] : [first];
  });
}

/** A table got another file, and none of its rows was read into it: TRUNCATE, wherever it was said. A table without rows looks the same. */
function isEmptied({ oid, kind }: SeenRelation, { before, after }: StatementStates): boolean {
  const read = (state: TransactionState) => state.counters.get(oid)?.rowsScanned ?? 0;
  return kind === "table" && read(after) <= read(before);
}

function findScans({ existing, before, after }: StatementStates): StatementTrace["scans"] {
  return [...after.counters].flatMap(([oid, now]) => {
    const then = before.counters.get(oid);
    const relation = existing.get(oid);
    const scans = grown(then?.scans, now.scans);
    const rows = grown(then?.rowsScanned, now.rowsScanned);
    if (relation === undefined || scans + rows === 0) return [];
    return [{ table: `${relation.schema}.${relation.name}`, scans, rows }];
  });
}
