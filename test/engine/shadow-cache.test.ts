import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { withShadow, type ReplayRequest } from "../../src/engine/shadow/replay.ts";
import { sql } from "../../src/engine/database/sql.ts";

const folders: string[] = [];
let cacheFolder = "";
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), "godwit-shadow-"));
  folders.push(cacheFolder);
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

// Random, so that a replay that was not kept answers something else.
const one = {
  path: "1.sql",
  sql: "create table a as select md5(random()::text) as mark;\nselect nothing;\n",
};
const two = { path: "2.sql", sql: "create view b as select mark from a;" };

/** What the files made, what failed, and the mark that tells one replay from another. */
const replay = (files: ReplayRequest["files"]) =>
  withShadow({ likeness: "postgres", files, cacheFolder }, async ({ catalog, findings, openSession }) => {
    const session = await openSession();
    const { rows } = await session.run(sql`select mark from public.a`);
    await session.run(sql`drop table public.a cascade`);
    const names = [...catalog.facts.values()].flatMap(({ kind, id }) =>
      (kind === "table" || kind === "view") && id.schema === "public" ? [id.name] : [],
    );
    return { names, findings, mark: rows[0]?.["mark"] };
  });

const kept = async () => (await readdir(cacheFolder)).filter((name) => name.startsWith("shadow-")).toSorted();

describe("a kept replay", () => {
  it("is not done again for the same files, and is gone on from for one more", async () => {
    const first = await replay([one]);
    expect(first).toMatchObject({ names: ["a"], findings: [{ file: "1.sql", line: 2 }] });
    expect(await replay([one])).toEqual(first);
    expect(await replay([one, two])).toEqual({ ...first, names: ["a", "b"] });
    expect(await kept()).toHaveLength(4);
    expect(await readFile(join(cacheFolder, ".gitignore"), "utf8")).toBe("*\n");
  });

  it("needs no instance where nothing is tried in it", async () => {
    const request: ReplayRequest = { likeness: "postgres", files: [one], cacheFolder };
    const first = await withShadow(request, async ({ findings }) => findings);
    for (const name of await kept()) if (name.endsWith(".image")) await rm(join(cacheFolder, name));
    expect(await withShadow(request, async ({ findings }) => findings)).toEqual(first);
  });

  it("is done anew where what was kept is damaged, cut short or unreadable to the instance", async () => {
    const first = await replay([one]);
    const again = async (damage: (content: Buffer) => Uint8Array, ending: string) => {
      for (const name of (await kept()).filter((each) => each.endsWith(ending))) {
        const path = join(cacheFolder, name);
        await writeFile(path, damage(await readFile(path)));
      }
      return replay([one]);
    };
    const cut = (content: Buffer) => content.subarray(0, content.length / 2);
    const flip = (content: Buffer) =>
      content.map((byte, index) => (index === content.length >> 1 ? byte ^ 1 : byte));
    const afterwards = [await again(cut, ".image"), await again(flip, ".replay")];
    const noImage = "no image";
    const digest = createHash("sha256").update(noImage).digest("hex");
    afterwards.push(await again(() => Buffer.from(`${digest}\n${noImage}`), ".image"));
    expect(new Set([first, ...afterwards].map(({ mark }) => mark)).size).toBe(4);
    for (const result of afterwards)
      expect(result).toMatchObject({ names: first.names, findings: first.findings });
  });
});
