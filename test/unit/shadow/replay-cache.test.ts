import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  keepState,
  readKeptReplay,
  readLongestKept,
  stateKeys,
} from "../../../src/engine/shadow/replay-cache.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-cache-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const state = (snapshot: unknown) => ({ snapshot, findings: [], image: Buffer.alloc(1_000) });

const [k0 = "", k1 = "", k2 = "", k3 = ""] = stateKeys(
  ["a"],
  [1, 2, 3].map((number) => ({ path: `${number}.sql`, sql: "select 1" })),
);

/** As if the state had been used so many seconds ago. */
const age = async (key: string, seconds: number) => {
  const at = new Date(Date.now() - seconds * 1_000);
  await utimes(join(folder, `shadow-${key}.replay`), at, at);
};

const keptKeys = async () =>
  (await readdir(folder)).flatMap((name) => /^shadow-(.*)\.replay$/.exec(name)?.[1] ?? []).toSorted();

describe("the cache of replays", () => {
  test("has one key for one start and one list of files, and another for any other", () => {
    const files = [
      { path: "1.sql", sql: "select 1" },
      { path: "2.sql", sql: "select 2" },
    ];
    const keys = stateKeys(["start"], files);
    expect(keys).toHaveLength(3);
    expect(stateKeys(["start"], files)).toEqual(keys);
    expect(stateKeys(["start"], files.slice(0, 1))).toEqual(keys.slice(0, 2));
    const others = [
      stateKeys(["another"], files),
      stateKeys(["start"], files.toReversed()),
      stateKeys(["start"], [{ path: "1.sql", sql: "select 1;" }]),
      stateKeys(["start"], [{ path: "1.sqlselect", sql: " 1" }]),
    ];
    for (const other of others) expect(keys).not.toContain(other.at(-1));
  });

  test("answers the longest part of a list of files that it holds", async () => {
    await keepState(folder, k0, { state: state("none") });
    await keepState(folder, k2, { state: state("two") });
    const found = await readLongestKept(folder, [k0, k1, k2, k3]);
    expect(found).toMatchObject({ place: 2, state: { snapshot: "two" } });
    expect(await readLongestKept(folder, [k1])).toBeUndefined();
    expect(await readLongestKept(join(folder, "absent"), [k0])).toBeUndefined();
  });

  test("forgets what was used longest ago, by number and by size, but never the newest", async () => {
    for (const [key, seconds] of [
      [k0, 30],
      [k1, 20],
      [k2, 10],
    ] as const) {
      await keepState(folder, key, { state: state(key) });
      await age(key, seconds);
    }
    await readKeptReplay(folder, k0);
    await keepState(folder, k3, { state: state(k3), limits: { states: 3, bytes: 1_000_000 } });
    expect(await keptKeys()).toEqual([k0, k2, k3].toSorted());
    await keepState(folder, k1, { state: state(k1), limits: { states: 9, bytes: 500 } });
    expect(await keptKeys()).toEqual([k1]);
  });

  test("clears up after a process that died while it wrote, and leaves other files alone", async () => {
    const [dead, live] = ["shadow-a.image.1.draft", "shadow-a.image.2.draft"];
    for (const name of [dead, live, "stand-in.tar.gz"]) {
      await writeFile(join(folder, name), "");
      const at = new Date(Date.now() - (name === live ? 0 : 7_200_000));
      await utimes(join(folder, name), at, at);
    }
    await keepState(folder, k0, { state: state(1) });
    const names = await readdir(folder);
    expect(names).not.toContain(dead);
    expect(names).toEqual(expect.arrayContaining([live, "stand-in.tar.gz", ".gitignore"]));
  });

  test("keeps nothing in a folder that cannot be made, without a word", async () => {
    const blocked = join(folder, "file");
    await writeFile(blocked, "");
    await keepState(join(blocked, "cache"), k0, { state: state(1) });
    expect(await readKeptReplay(join(blocked, "cache"), k0)).toBeUndefined();
  });

  test("keeps states whole while several write at once", async () => {
    const writers = Array.from({ length: 8 }, (_value, index) =>
      keepState(folder, index % 2 === 0 ? k0 : k1, { state: state("x".repeat(100_000)) }),
    );
    await Promise.all(writers);
    expect(await readLongestKept(folder, [k0])).toMatchObject({ place: 0 });
    expect(await readLongestKept(folder, [k1])).toMatchObject({ place: 0 });
  });
});
