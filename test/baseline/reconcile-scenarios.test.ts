import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { ReconcileHistoryRequest } from "../../src/engine/index.ts";
import {
  expectCliAgrees,
  expectNoDrift,
  openMeeting,
  openScenario,
  reconcileAll,
} from "../interop/reconciled.ts";
import { findCli } from "../interop/supabase-cli.ts";

const cli = findCli() ?? "";

interface Case {
  readonly name: string;
  readonly calls: readonly ReconcileHistoryRequest[];
  readonly pending: number;
  /** Recorded SQL that contradicts itself never ran: then the live schema is not compared. */
  readonly recorded?: "not executed";
}

const truth = "database";

const cases: readonly Case[] = [
  { name: "65-applied-8-files", calls: [{ truth }], pending: 2 },
  { name: "37-orphans-after-mcp", calls: [{}], pending: 0 },
  { name: "62-local-52-remote", calls: [{ truth }], pending: 22 },
  { name: "duplicate-versions", calls: [{ truth }], pending: 4 },
  { name: "renamed", calls: [{}], pending: 0 },
  { name: "edited", calls: [{ truth }], pending: 0, recorded: "not executed" },
  { name: "odd-recorded-versions", calls: [{ truth }], pending: 1 },
];

describe.skipIf(cli === "")("after reconciling, the Supabase CLI 3.1.0 agrees", { timeout: 180_000 }, () => {
  test.each(cases)("on $name after $calls, and no layer has drift", async (scenario) => {
    const { name, calls, pending, recorded = "executed" } = scenario;
    const meeting = await openScenario(cli, name, recorded);
    await reconcileAll(meeting, calls);
    const layers = recorded === "executed" ? "compared" : "left out";
    await expectNoDrift(meeting, layers);
    await expectCliAgrees(meeting, pending);
    await expectNoDrift(meeting, layers);
  });

  test.each([
    ["public._migrations", "filename text, executed_at timestamptz default now()"],
    ["public.migration_history", "filename text, status text default 'completed'"],
    ["supabase_migrations.migration_history", "filename text, status text default 'completed'"],
  ])("on a project whose only record is %s", async (table, columns) => {
    const files = {
      "20260101000001_a.sql": "create table public.a (id int);\n",
      "20260101000002_b.sql": "alter table public.a add column b text;\n",
    };
    const names = Object.keys(files).map((name) => `('${name}')`);
    const meeting = await openMeeting(cli, {
      files,
      before: `${Object.values(files).join("")}
        create schema supabase_migrations;
        create table ${table} (id serial primary key, ${columns});
        insert into ${table} (filename) values ${names.join(", ")};`,
    });
    await reconcileAll(meeting, [{}]);
    await expectCliAgrees(meeting, 0);
    await expectNoDrift(meeting, "left out");
  });

  test("on a project of dbmate's, once its record is adopted and its files are converted", async () => {
    const both = (up: string, down: string) => `-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n`;
    const meeting = await openMeeting(cli, {
      files: {
        "20260101000001_a.sql": both("create table public.a (id int);", "drop table public.a;"),
        "20260101000002_b.sql": both("alter table public.a add b text;", "alter table public.a drop b;"),
        "20260101000003_c.sql": both("create table public.c (id int);", "drop table public.c;"),
      },
      before: `create table public.a (id int, b text);
        create table public.schema_migrations (version varchar(128) primary key);
        insert into public.schema_migrations values ('20260101000001'), ('20260101000002');`,
    });
    await reconcileAll(meeting, [{}, { actions: ["convert_names"] }]);
    await meeting.sql`drop table public.schema_migrations`;
    await expectNoDrift(meeting, "compared");
    await expectCliAgrees(meeting, 1);
    await expectNoDrift(meeting, "compared");
  });

  test("on a baseline that the CLI itself marked as applied, once the rows that it stands for are gone", async () => {
    const meeting = await openMeeting(cli, {
      files: { "20260101000001_a.sql": "create table public.a (id int);\n" },
    });
    expect(await meeting.cli("db", "push", "--yes")).toMatchObject({ code: 0 });
    const folder = path.join(meeting.dir, "supabase/migrations");
    await mkdir(path.join(folder, "archive"));
    await rename(
      path.join(folder, "20260101000001_a.sql"),
      path.join(folder, "archive/20260101000001_a.sql"),
    );
    await meeting.write({
      "supabase/migrations/20260102000000_baseline.sql": "create table public.a (id int);\n",
    });
    const repair = ["migration", "repair", "--status", "applied", "20260102000000", "--yes"] as const;
    expect(await meeting.cli(...repair)).toMatchObject({ code: 0 });
    await reconcileAll(meeting, [{ actions: ["mark_reverted all"], reason: "the baseline stands for it" }]);
    await expectCliAgrees(meeting, 0);
    await expectNoDrift(meeting, "compared");
  });
});
