import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { godwitSubject } from "./godwit-subject.ts";
import { handMade } from "./hand-made.ts";
import type { PairVerdict } from "./judge-pair.ts";
import { judgePairs } from "./judge-pairs.ts";
import { toPair } from "./probe-pairs.ts";
import { catalogOracleFile } from "./schema-pairs.ts";

describe.skipIf(!existsSync(catalogOracleFile))("a change that drags others along", () => {
  const judged = new Map<string, PairVerdict>();

  beforeAll(async () => {
    const pairs = handMade.map(toPair);
    for (const verdict of await judgePairs({ subject: godwitSubject, pairs, lanes: 2 }))
      judged.set(verdict.pair, verdict);
  }, 600_000);

  it.each(handMade.map((pair) => [pair.name, pair] as const))("%s: both ways", (_name, pair) => {
    const verdict = judged.get(toPair(pair).name);
    if (verdict?.kind !== "judged") throw new Error(`Not judged: ${JSON.stringify(verdict)}`);
    const { aToB, bToA } = verdict;
    expect([aToB, bToA].map(({ reason, details }) => (reason === "ok" ? reason : details))).toEqual([
      "ok",
      "ok",
    ]);
  });
});
