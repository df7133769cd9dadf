import { classifyChange } from "../../src/engine/compare/classify-change.ts";
import type { Rehearsal } from "../../src/engine/execute/rehearse.ts";

/** Rows changed below this are few: harmless statements change some. */
const fewRows = 100;

/** What a rehearsal shows that somebody should see before it happens; empty where nothing does. What takes a lock and no time is not among it. */
export function alarmsOf(rehearsal: Rehearsal): readonly string[] {
  const { ends, statements, change } = rehearsal;
  const traces = statements.map(({ trace }) => trace);
  const rows = traces.flatMap((trace) => trace.rows);
  const changes = change?.schema ?? [];
  const alarms = {
    failed: ends.some(({ kind }) => kind === "failed"),
    alone: ends.some(({ kind }) => kind === "not_run"),
    rewrites: traces.some(({ rewrites }) => rewrites.length > 0),
    scans: traces.some(
      ({ scans, locks }) => scans.length > 0 && locks.some(({ modes }) => modes.some(isStrong)),
    ),
    rows: rows.some(({ updated, deleted, destroyed = 0 }) => updated + deleted > fewRows || destroyed > 0),
    gone: changes.some(({ kind }) => kind === "removed"),
    access: (change?.access.length ?? 0) > 0,
    advisor: (change?.findings ?? []).some(({ level }) => level !== "info"),
    security: changes.some((each) => classifyChange(each) === "security"),
    platform: (change?.onPlatform.size ?? 0) > 0,
  };
  return Object.entries(alarms).flatMap(([name, isSo]) => (isSo ? [name] : []));
}

function isStrong(mode: string): boolean {
  return ["AccessExclusive", "Exclusive", "ShareRowExclusive", "Share"].includes(mode);
}
