import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { godwitSubject } from "../drift/godwit-subject.ts";
import { judgePairs } from "../drift/judge-pairs.ts";
import { listDirections } from "../drift/pass-list.ts";
import { randomPair } from "../drift/random/random-pairs.ts";
import { catalogOracleFile, listSchemaPairs, schemaPairsFolder } from "../drift/schema-pairs.ts";

/** A share of the pairs that stays the same when others are added. */
const isInSample = (name: string): boolean =>
  createHash("sha256").update(name).digest().readUInt16BE(0) % 160 === 0;

const failuresOf = async (pairs: Parameters<typeof judgePairs>[0]["pairs"]) => {
  const verdicts = await judgePairs({ subject: godwitSubject, pairs, lanes: 2 });
  const directions = verdicts.flatMap(listDirections);
  expect(directions).toHaveLength(pairs.length * 2);
  return directions
    .filter(({ judgement }) => judgement.reason !== "ok")
    .map(({ name, judgement }) => [name, judgement.reason, judgement.details[0]]);
};

describe.skipIf(!existsSync(schemaPairsFolder))("a sample of schema pairs by other projects", () => {
  it("is turned into each other, as pg_dump and an independent query see it", async () => {
    const pairs = listSchemaPairs().filter(({ name }) => isInSample(name));
    expect(pairs.length).toBeGreaterThan(4);
    expect(await failuresOf(pairs)).toEqual([]);
  }, 300_000);
});

describe.skipIf(!existsSync(catalogOracleFile))("a sample of schema pairs by chance", () => {
  it("is turned into each other, as pg_dump and an independent query see it", async () => {
    expect(await failuresOf([23].map(randomPair))).toEqual([]);
  }, 300_000);
});
