import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { godwitSubject } from "./godwit-subject.ts";
import { judgePairs } from "./judge-pairs.ts";
import { listDirections } from "./pass-list.ts";
import { randomPair } from "./random/random-pairs.ts";
import { catalogOracleFile } from "./schema-pairs.ts";

describe.skipIf(!existsSync(catalogOracleFile))("schemas that differ by chance", () => {
  it("are turned into each other", async () => {
    const pairs = Array.from({ length: 100 }, (_, number) => randomPair(number));
    const verdicts = await judgePairs({ subject: godwitSubject, pairs, lanes: 2 });
    const failed = verdicts.flatMap(listDirections).filter(({ judgement }) => judgement.reason !== "ok");
    expect(verdicts.filter(({ kind }) => kind === "not_loaded")).toEqual([]);
    expect(failed.map(({ name, judgement }) => [name, judgement.reason, judgement.details[0]])).toEqual([]);
  }, 1_200_000);
});
