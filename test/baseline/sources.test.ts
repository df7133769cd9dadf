import { cp, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { folder, inFolder, meet, whole, type Meeting } from "./meeting.ts";

const migrations = {
  "20260101000000_people.sql": "create table public.people (id int primary key, name text);\n",
  "20260102000000_pets.sql":
    "create table public.pets (id int primary key, owner int references public.people);\n",
};

describe("a baseline made from files, and taken over by another database", () => {
  let maker: Meeting;
  let other: Meeting;

  beforeAll(async () => {
    maker = await meet(migrations);
    other = await meet(migrations);
    for (const { project } of [maker, other])
      expect(await project.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
    await maker.sql.unsafe("alter table public.people add column by_hand int").simple();
  });
  afterAll(async () => {
    await maker.close();
    await other.close();
  });

  it("holds what the files make, says what the live schema has beside it, and leaves that as drift", async () => {
    const { engine } = maker.project;
    const planned = await engine.createBaseline({ from: "files" }, whole);
    expect(planned).toMatchObject({ status: "planned", proved: true, replaces: { entries: 2 } });
    expect(planned.sql).not.toContain("by_hand");
    expect(planned.warnings?.join()).toContain("by_hand");
    const confirm = planned.plan_id ?? "";
    expect(await engine.createBaseline({ from: "files", confirm }, whole)).toMatchObject({ status: "done" });
    const { drift } = await engine.detectDrift({}, whole);
    expect(drift.map((item) => item.kind)).toEqual(["column"]);
  });

  it("is taken over where the old migrations ran, changing rows only, once it is proved there too", async () => {
    const { engine, dir } = other.project;
    await rm(path.join(dir, folder), { recursive: true });
    await cp(path.join(maker.project.dir, folder), path.join(dir, folder), { recursive: true });
    const files = await other.files();
    const planned = await engine.createBaseline({ from: "baseline" }, whole);
    expect(planned).toMatchObject({ status: "planned", proved: true, version: "20260102000000" });
    const confirm = planned.plan_id ?? "";
    await engine.createBaseline({ from: "baseline", confirm }, whole);
    expect((await other.entries()).map(({ version, name }) => [version, name])).toEqual([
      ["20260102000000", "baseline"],
    ]);
    expect(await engine.detectDrift({}, whole)).toMatchObject({ has_drift: false, drift: [] });
    // The report of it joins the archive; no migration is touched.
    expect(await other.files()).toEqual(files);
  });

  it("is refused, with nothing changed, by a database whose schema it does not lead to", async () => {
    // The maker's own database has the column that was made by hand.
    await maker.sql.unsafe(
      "insert into supabase_migrations.schema_migrations (version, name, statements) values ('20260101000000', 'people', '{}')",
    );
    const before = [await maker.entries(), await maker.files()];
    const { engine } = maker.project;
    const refused = await engine.createBaseline({ from: "baseline" }, whole);
    expect(refused).toMatchObject({ status: "not_proved", proved: false });
    expect(refused.plan_id).toBeUndefined();
    expect(JSON.stringify(refused.differences)).toContain("by_hand");
    expect([await maker.entries(), await maker.files()]).toEqual(before);
  });
});

describe("a squash that somebody else made", () => {
  const both = Object.values(migrations).join("");
  let meeting: Meeting;

  beforeEach(async () => {
    meeting = await meet(migrations);
    expect(await meeting.project.engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
  });
  afterEach(() => meeting.close());

  /** Puts one file in place of the two that were applied. */
  async function squash(name: string, sql: string, aside: string): Promise<void> {
    const { dir, write } = meeting.project;
    await mkdir(path.join(dir, folder, aside), { recursive: true });
    for (const old of Object.keys(migrations))
      await rename(path.join(dir, folder, old), path.join(dir, folder, aside, old));
    await write(inFolder({ [name]: sql }));
  }

  it.each([
    ["under a version of its own", "20260103000000_squashed.sql", "_old"],
    ["under the newest version, as the Supabase CLI does", "20260102000000_pets.sql", "../aside"],
  ])("%s, is offered, proved and taken over, changing rows only", async (_, name, aside) => {
    const { engine } = meeting.project;
    await squash(name, both, aside);
    const asked = await engine.reconcileHistory({}, whole);
    expect(asked.next_steps?.join()).toContain('create_baseline { from: "baseline" }');
    const files = await meeting.files();
    const planned = await engine.createBaseline({ from: "baseline" }, whole);
    expect(planned).toMatchObject({ status: "planned", proved: true, version: name.slice(0, 14) });
    await engine.createBaseline({ from: "baseline", confirm: planned.plan_id ?? "" }, whole);
    expect((await meeting.entries()).map(({ version }) => version)).toEqual([name.slice(0, 14)]);
    expect(await engine.detectDrift({}, whole)).toMatchObject({ has_drift: false, drift: [] });
    const isMigration = (file: string) => !file.startsWith("archive");
    expect((await meeting.files()).filter(isMigration)).toEqual(files.filter(isMigration));
  });

  it("leaves the files that were put aside a choice, one for all of them", async () => {
    await squash("20260103000000_squashed.sql", both, "_old");
    expect(await meeting.project.engine.reconcileHistory({}, whole)).toMatchObject({
      steps: [],
      choices: [{ count: 2, options: ["mark_reverted all", "adopt all"] }],
    });
  });

  it("is refused with what differs where it does not lead to the live schema", async () => {
    const before = await meeting.entries();
    await squash("20260104000000_hollow.sql", "-- the schema is there already\n", "_old");
    const refused = await meeting.project.engine.createBaseline({ from: "baseline" }, whole);
    expect(refused).toMatchObject({ status: "not_proved", proved: false });
    expect(refused.next_steps?.join()).toContain("create_baseline {} makes another one");
    expect(await meeting.entries()).toEqual(before);
  });
});
