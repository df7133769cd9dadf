import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { openLane } from "./lane.ts";
import { judgePair, type PairVerdict } from "./judge-pair.ts";
import { findPgDump } from "./pg-dump.ts";
import type { SchemaPair } from "./schema-pairs.ts";
import type { Subject } from "./subject.ts";

/** Judges pairs on as many clusters as there are lanes; verdicts in the order of the pairs. */
export async function judgePairs<Snapshot>(parts: {
  readonly subject: Subject<Snapshot>;
  readonly pairs: readonly SchemaPair[];
  readonly lanes: number;
  /** 17 where it is not said; a pg_dump of that version or newer judges too where one is found. */
  readonly major?: PostgresMajor;
  readonly onVerdict?: (verdict: PairVerdict) => void;
}): Promise<readonly PairVerdict[]> {
  const { major = 17 } = parts;
  const pgDump = await findPgDump(major);
  const waiting = parts.pairs.entries();
  const verdicts: PairVerdict[] = [];
  const work = async () => {
    const lane = await openLane(major);
    try {
      for (const [index, pair] of waiting) {
        const verdict = await judgePair({ lane, pgDump, subject: parts.subject }, pair);
        verdicts[index] = verdict;
        parts.onVerdict?.(verdict);
      }
    } finally {
      await lane.stop();
    }
  };
  // A stopping server does not keep this process alive.
  const heartbeat = setInterval(() => undefined, 1000);
  await Promise.all(Array.from({ length: Math.min(parts.lanes, parts.pairs.length) }, work)).finally(() =>
    clearInterval(heartbeat),
  );
  return verdicts;
}
