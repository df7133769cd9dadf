import { rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { DetectDriftReport, SchemaDriftItem } from "../../src/engine/index.ts";
import { connect, createPlayground, type Playground } from "./playground.ts";

const files = {
  "20260101000000_shop.sql": `
    create extension hstore;
    create extension pgcrypto;
    create table public.orders (id bigint primary key, total int, extra hstore, token uuid default gen_random_uuid());
    create table public.notes (id bigint primary key, body text);
    create index orders_total on public.orders (total);
    create table public.bills (id bigint primary key, paid boolean not null);
    alter table public.bills rename to invoices;
    create view public.newest as select id, total from public.orders;`,
};

const createShop = async (): Promise<Playground> => {
  const play = await createPlayground({ files });
  expect((await play.apply()).status).toBe("applied");
  return play;
};
const detect = (play: Playground, renames: readonly string[] = []) =>
  play.engine.detectDrift({ renames }, { answerSize: "whole" });
const itemsOf = ({ drift }: DetectDriftReport): readonly SchemaDriftItem[] =>
  drift.filter((item) => item.layer === "schema");

describe("drift of a plain project", () => {
  test("leaves what may be a rename of a table alone until it is answered, and drops and makes an index", async () => {
    const play = await createShop();
    await play.sql.unsafe(`
      alter table public.notes rename to memos;
      alter index public.orders_total rename to orders_by_total;
      create view public.memo_count as select count(*) as n from public.memos;`);
    const asked = await detect(play);
    expect(asked.schema?.rename_candidates?.map(({ if_renamed: text }) => text).toSorted()).toEqual([
      "public.memos=public.notes",
      "public.orders.orders_by_total=public.orders.orders_total",
    ]);
    const { live_to_files: script = "" } = asked.schema?.sql ?? {};
    expect(script).toMatch(/drop index/);
    expect(script).not.toMatch(/drop table|create table|rename to/);
    const unproved = itemsOf(asked).filter((item) => item.proved === undefined);
    expect(unproved.map((item) => item.object).toSorted()).toEqual([
      "table public.memos",
      "table public.notes",
      "view public.memo_count",
    ]);
    expect(asked.warnings?.join(" ")).toMatch(/rename/);

    const renamed = await detect(play, ["public.memos=public.notes"]);
    expect(renamed.schema?.scripts?.live_to_files.proved).toBe(true);
    await play.sql.unsafe(renamed.schema?.sql?.live_to_files ?? "").simple();
    expect((await detect(play)).drift).toEqual([]);
  });

  test("drops and makes a table anew where it is said to be no rename", async () => {
    const play = await createShop();
    await play.sql.unsafe("alter table public.notes rename to memos").simple();
    const { schema } = await detect(play, ["public.memos!=public.notes"]);
    expect(schema?.rename_candidates).toBeUndefined();
    expect(schema?.sql?.live_to_files).toMatch(/drop table "public"."memos"/);
    expect(schema?.scripts?.live_to_files).toMatchObject({ proved: true });
    await expect(detect(play, ["public.memos=public.orders"])).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  test("is none as applied, none where a pending file makes it, and told where no kind models it", async () => {
    const play = await createShop();
    const applied = await detect(play);
    expect(applied).toMatchObject({ has_drift: false, drift: [] });
    expect(applied.schema?.not_replayed).toBeUndefined();
    await play.write({
      "20260201000000_more.sql":
        "alter table public.orders add column paid boolean;\ncreate table public.planned (id int);\n",
    });
    await play.sql.unsafe(`
      alter table public.orders add column paid boolean;
      alter table public.orders add column by_hand int;
      create table public.planned (id int);
      create index planned_id on public.planned (id);
      select lo_create(424242);`);
    const report = await detect(play);
    expect(itemsOf(report).map((item) => [item.class, item.kind, item.change])).toEqual([
      ["structural", "column", "only_in_live"],
      ["structural", "index", "only_in_live"],
      ["unmodelled", "large_object", "only_in_live"],
    ]);
    expect(report.schema?.not_drift).toMatchObject([
      {
        object: "column public.orders.paid",
        explained_by: "supabase/migrations/20260201000000_more.sql",
      },
      { object: "table public.planned", explained_by: "supabase/migrations/20260201000000_more.sql" },
      { class: "platform", kind: "extension" },
    ]);
    expect(report.schema?.sql?.live_to_files).not.toMatch(/paid/);
    const { schema: left, layers, drift } = await play.engine.detectDrift({ schema: false }, {});
    expect({ left, layers, drift }).toEqual({ left: undefined, layers: ["history", "content"], drift: [] });
  });

  test("tells which statement of an applied file cannot be replayed, and compares what the rest of the files makes", async () => {
    const play = await createPlayground({
      before: "create table public.by_hand (id int);",
      files: {
        "20260101000000_start.sql":
          "create table public.first (id int);\n\nalter table public.by_hand add column note text;\ncreate table public.later (id int);\n",
        "20260102000000_last.sql": "create table public.last (id int);\n",
      },
    });
    expect((await play.apply()).status).toBe("applied");
    const report = await detect(play);
    expect(report.schema?.not_replayed).toEqual([
      {
        file: "supabase/migrations/20260101000000_start.sql",
        line: 3,
        cause: expect.stringContaining('relation "public.by_hand" does not exist') as unknown,
      },
    ]);
    expect(report.warnings?.[0]).toMatch(/^1 statement of applied files could not be replayed/);
    expect(itemsOf(report).map((item) => [item.change, item.object])).toEqual([
      ["only_in_live", "table public.by_hand"],
    ]);
  });

  test("asks for reconciling before anything else where an applied migration has lost its file, whose tables count as drift", async () => {
    const play = await createShop();
    await play.write({ "20260102000000_lost.sql": "create table public.lost (id int);\n" });
    expect((await play.apply()).status).toBe("applied");
    await rm(path.join(play.dir, "supabase/migrations/20260102000000_lost.sql"));
    const { next_steps: steps = [], ...report } = await detect(play);
    expect(itemsOf(report).map((item) => item.object)).toEqual(["table public.lost"]);
    expect(steps[0]).toMatch(/^reconcile_history \{\} comes first: 1 applied migration has no file/);
    expect(steps.filter((step) => step.startsWith("create_migration"))).toEqual([]);
    const written = await play.engine.createMigration({ name: "undo", fromDrift: "live_to_files" }, {});
    expect(written.warnings?.[0]).toMatch(/reconcile_history \{\} before this file is applied/);
  });

  test("fits on pages of 24 KB that hold each difference once", async () => {
    const play = await createShop();
    const names = Array.from(
      { length: 40 },
      (_, index) => `a_rather_long_name_of_a_table_made_by_hand_${index}`,
    );
    await play.sql.unsafe(names.map((name) => `create table public.${name} (id int);`).join("\n")).simple();
    const seen: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined;) {
      const page: DetectDriftReport = await play.engine.detectDrift(cursor === "" ? {} : { cursor }, {});
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(24 * 1024);
      seen.push(...itemsOf(page).map((item) => item.object));
      cursor = page.next_cursor;
    }
    expect(seen.toSorted()).toEqual(names.map((name) => `table public.${name}`).toSorted());
  });
});

describe("two databases, one with an object of another name", () => {
  test("get whole scripts where no row would be lost, and others once it is answered", async () => {
    const [ours, theirs] = [await createPlayground(), await createPlayground()];
    await ours.sql
      .unsafe("create table public.a (id int, was text); create table public.keep (id int)")
      .simple();
    await theirs.sql
      .unsafe("create table public.a (id int, is_now text); create table public.kept (id int)")
      .simple();
    const compare = (renames: readonly string[] = []) =>
      ours.engine.compareDatabases({ against: { url: theirs.url }, renames }, {});
    const empty = await compare();
    expect(empty.scripts).toMatchObject({ to_against: { proved: true }, to_target: { proved: true } });
    expect(empty.rename_candidates).toHaveLength(2);
    expect(empty.sql?.to_against).toMatch(/drop table "public"."keep"/);

    await ours.sql
      .unsafe("insert into public.a values (1, 'x'); insert into public.keep values (1)")
      .simple();
    const held = await compare();
    expect(held.sql).not.toMatchObject({ to_against: expect.stringMatching(/^(?:drop|alter) /m) });
    expect(held.scripts).toMatchObject({ to_against: { proved: false } });

    const answered = await compare(["public.keep=public.kept", "public.a.was=public.a.is_now"]);
    expect(answered.rename_candidates).toBeUndefined();
    expect(answered.scripts).toMatchObject({ to_against: { proved: true }, to_target: { proved: true } });
    const client = connect(ours.url, { max: 1 });
    await client.unsafe(answered.sql?.to_against ?? "").simple();
    await client.end();
    expect(await compare()).toMatchObject({ has_drift: false });
    expect(await ours.sql`select is_now from public.a`).toMatchObject([{ is_now: "x" }]);
  });
});
