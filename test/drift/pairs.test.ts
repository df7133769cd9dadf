import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { godwitSubject } from "./godwit-subject.ts";
import type { PairVerdict } from "./judge-pair.ts";
import { judgePairs } from "./judge-pairs.ts";
import { listDirections, readPassList } from "./pass-list.ts";
import { listSchemaPairs, schemaPairsFolder } from "./schema-pairs.ts";

// All 1,337 take minutes: PAIRS=all does, PAIRS=<part of a name> picks some, and every twelfth stands for them otherwise.
const { PAIRS: wanted } = process.env;

describe.skipIf(!existsSync(schemaPairsFolder))("schema pairs on PostgreSQL 17", () => {
  let verdicts: readonly PairVerdict[] = [];

  beforeAll(async () => {
    const pairs = listSchemaPairs(wanted === "all" ? "" : wanted);
    const sample = wanted === undefined ? pairs.filter((_pair, index) => index % 12 === 0) : pairs;
    verdicts = await judgePairs({ subject: godwitSubject, pairs: sample, lanes: 2 });
  }, 3_600_000);

  const directions = () => verdicts.flatMap(listDirections);

  it("all load, so that a pass cannot be had by judging none", () => {
    expect(verdicts.length).toBeGreaterThan(0);
    expect(verdicts.filter(({ kind }) => kind === "not_loaded")).toEqual([]);
  });

  it("are turned into each other wherever they once were", () => {
    const passed = readPassList();
    const lost = directions().filter(({ name, judgement }) => passed.has(name) && judgement.reason !== "ok");
    expect(lost.map(({ name, judgement }) => [name, judgement.reason, judgement.details[0]])).toEqual([]);
  });

  it("are never held equal where a referee sees a difference", () => {
    expect(namesWith("missed")).toEqual([]);
  });

  it("show no difference where no referee sees one", () => {
    expect(namesWith("noise")).toEqual([]);
  });

  const namesWith = (reason: string) =>
    directions()
      .filter(({ judgement }) => judgement.reason === reason)
      .map(({ name }) => name);
});
