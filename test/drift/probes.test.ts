import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { godwitSubject } from "./godwit-subject.ts";
import type { DirectionVerdict } from "./judge-pair.ts";
import { judgePairs } from "./judge-pairs.ts";
import { listDirections } from "./pass-list.ts";
import { toPair } from "./probe-pairs.ts";
import { probes } from "./probes.ts";
import { catalogOracleFile } from "./schema-pairs.ts";

describe.skipIf(!existsSync(catalogOracleFile))("a schema that differs in one attribute", () => {
  const judged = new Map<string, readonly DirectionVerdict[]>();

  beforeAll(async () => {
    for (const verdict of await judgePairs({ subject: godwitSubject, pairs: probes.map(toPair), lanes: 2 }))
      judged.set(
        verdict.pair,
        listDirections(verdict).map(({ judgement }) => judgement),
      );
  }, 1_200_000);

  it.each(probes.map((probe) => [probe.name, probe] as const))(
    "%s: is seen, closed and proved",
    (_name, probe) => {
      const directions = judged.get(toPair(probe).name) ?? [];
      const outcomes = directions.map(({ reason, changes, details }) => ({
        isSeen: changes.length > 0,
        outcome: reason,
        details: reason === "ok" || reason === "refused" ? [] : details,
      }));
      const allowed = probe.isRefused === true ? ["ok", "refused"] : ["ok"];
      expect(outcomes).toHaveLength(2);
      expect(outcomes.filter(({ isSeen, outcome }) => !isSeen || !allowed.includes(outcome))).toEqual([]);
    },
  );
});
