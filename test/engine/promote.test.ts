import { appendFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import type { CallContext, Engine } from "../../src/engine/index.ts";
import { createProject } from "../support/project.ts";
import { createDatabase } from "../support/test-database.ts";
import { codeOf } from "./playground.ts";

interface Stages {
  readonly engine: Engine;
  readonly staging: postgres.Sql;
  readonly production: postgres.Sql;
  readonly write: (name: string, query: string) => Promise<string>;
  /** Applies what is pending. */
  readonly toStaging: () => Promise<unknown>;
  readonly toProduction: () => Promise<unknown>;
  /** The promotion, asked for and then confirmed. */
  readonly promote: () => ReturnType<Engine["applyMigration"]>;
  readonly migrationsDir: string;
}

const onProduction: CallContext = { target: "production" };
const promotion = { promoteFrom: "staging" };

async function createStages(): Promise<Stages> {
  const databases = [await createDatabase(), await createDatabase()] as const;
  const [staging, production] = databases.map(({ url }) =>
    postgres(url, { max: 1, onnotice: () => undefined }),
  );
  const labelled = (label: string, url: string) => ({
    label,
    isProduction: label === "production",
    readOnly: false,
    address: { kind: "postgres", url } as const,
  });
  const project = await createProject({
    files: { "supabase/config.toml": "" },
    settings: {
      target: {
        kind: "labelled",
        usual: "staging",
        targets: [labelled("staging", databases[0].url), labelled("production", databases[1].url)],
      },
    },
  });
  const { engine } = project;
  onTestFinished(async () => {
    await Promise.all([staging?.end(), production?.end()]);
    await project.remove();
    await Promise.all(databases.map(({ drop }) => drop()));
  });
  if (staging === undefined || production === undefined) throw new Error("There are two.");
  const confirmed = async (request: object) => {
    const asked = await engine.applyMigration(request, onProduction);
    return engine.applyMigration({ ...request, confirm: asked.plan_id ?? "" }, onProduction);
  };
  return {
    engine,
    staging,
    production,
    write: async (name, query) => (await engine.createMigration({ name, query }, {})).file,
    toStaging: () => engine.applyMigration({}, {}),
    toProduction: () => confirmed({}),
    promote: () => confirmed(promotion),
    migrationsDir: join(project.dir, "supabase/migrations"),
  };
}

const orders = "create table public.orders (id int primary key);";

test("what staging has run is applied to production, in order, and what it has not run is left alone", async () => {
  const { engine, write, toStaging, promote, production } = await createStages();
  await write("add_orders", orders);
  await write("add_total", "alter table public.orders add column total int;");
  await toStaging();
  const later = await write("add_note", "alter table public.orders add column note text;");
  const asked = await engine.applyMigration(promotion, onProduction);
  expect(asked).toMatchObject({
    status: "confirmation_required",
    confirm_target: "production",
    migrations: [{ name: "add_orders" }, { name: "add_total" }],
    warnings: [expect.stringContaining(later.split("/").at(-1) ?? "")],
  });
  const done = await promote();
  expect(done).toMatchObject({
    status: "applied",
    migrations: [
      { name: "add_orders", outcome: "applied" },
      { name: "add_total", outcome: "applied" },
    ],
  });
  const recorded = await production`select name from supabase_migrations.schema_migrations order by version`;
  expect(recorded.map(({ name }) => name)).toEqual(["add_orders", "add_total"]);
  const refused = engine.applyMigration(promotion, onProduction);
  await expect(refused).rejects.toMatchObject({
    code: "not_promotable",
    message: expect.stringMatching(/staging.*has not run .*add_note/),
  });
});

test("the plan's id is of this promotion: it is no yes to the same files without staging, nor the other way round", async () => {
  const { engine, write, toStaging } = await createStages();
  await write("add_orders", orders);
  await toStaging();
  const promoted = await engine.applyMigration({ ...promotion, dryRun: true }, onProduction);
  const plain = await engine.applyMigration({ dryRun: true }, onProduction);
  expect(promoted.plan_id).not.toBe(plain.plan_id);
  const crossed = [
    engine.applyMigration({ confirm: promoted.plan_id ?? "" }, onProduction),
    engine.applyMigration({ ...promotion, confirm: plain.plan_id ?? "" }, onProduction),
  ];
  for (const call of crossed) expect(await codeOf(call)).toBe("plan_is_stale");
  const again = await engine.applyMigration({ ...promotion, dryRun: true }, onProduction);
  expect(again.plan_id).toBe(promoted.plan_id);
});

test("a file that staging ran with another text is not promoted, were it only a comment that has changed", async () => {
  const { engine, write, toStaging, migrationsDir } = await createStages();
  await write("add_orders", orders);
  await toStaging();
  const [name = ""] = await readdir(migrationsDir);
  await appendFile(join(migrationsDir, name), "-- a word more\n");
  const refused = engine.applyMigration(promotion, onProduction);
  await expect(refused).rejects.toMatchObject({
    code: "not_promotable",
    message: expect.stringMatching(/another text \(checksum [0-9a-f]{12}, now [0-9a-f]{12}\)/),
  });
  await appendFile(join(migrationsDir, name), "drop table public.orders;\n");
  await expect(engine.applyMigration(promotion, onProduction)).rejects.toThrow(/other SQL/);
});

test("a migration that was only marked as applied has passed nowhere", async () => {
  const { engine, write, toStaging } = await createStages();
  await write("add_first", "create table public.first (id int primary key);");
  await toStaging();
  const file = await write("add_orders", orders);
  const version = /\d{14}/.exec(file)?.[0] ?? "";
  const mark = { actions: [`mark_applied ${version}`], reason: "made by hand" };
  const plan = await engine.reconcileHistory(mark, {});
  await engine.reconcileHistory({ ...mark, confirm: plan.plan_id ?? "" }, {});
  await expect(engine.applyMigration(promotion, onProduction)).rejects.toMatchObject({
    code: "not_promotable",
    message: expect.stringContaining("only marked as applied"),
  });
});

test("what staging ran and the folder has lost keeps the rest from being promoted", async () => {
  const { engine, write, toStaging, migrationsDir } = await createStages();
  await write("add_orders", orders);
  const lost = await write("add_total", "alter table public.orders add column total int;");
  await toStaging();
  await rm(join(migrationsDir, lost.split("/").at(-1) ?? ""));
  await expect(engine.applyMigration(promotion, onProduction)).rejects.toMatchObject({
    code: "not_promotable",
    message: expect.stringContaining("the folder has no file"),
  });
});

test("a schema that was changed by hand is in the way where the migrations touch it, and only there", async () => {
  const { engine, write, toStaging, toProduction, promote, production } = await createStages();
  await write("add_orders", orders);
  await write("add_lines", "create table public.lines (id int primary key);");
  await toStaging();
  await toProduction();
  await write("add_total", "alter table public.orders add column total int;");
  await toStaging();
  await production`alter table public.orders add column total text`;
  await expect(engine.applyMigration(promotion, onProduction)).rejects.toMatchObject({
    code: "not_promotable",
    message: expect.stringMatching(/column public\.orders\.total/),
  });
  await production`alter table public.orders drop column total`;
  await production`alter table public.lines add column by_hand text`;
  expect(await promote()).toMatchObject({ status: "applied" });
});

test("with everything promoted there is nothing to apply", async () => {
  const { engine, write, toStaging, promote } = await createStages();
  await write("add_orders", orders);
  await toStaging();
  await promote();
  expect(await engine.applyMigration(promotion, onProduction)).toMatchObject({ status: "nothing_to_apply" });
});

test.each([
  ["a version", { version: "20260101000000" }, "arguments_conflict"],
  ["SQL", { name: "x", query: "select 1" }, "arguments_conflict"],
  ["the target itself", { promoteFrom: "production" }, "arguments_conflict"],
  ["a label that there is not", { promoteFrom: "stage" }, "unknown_target"],
])("promoting from %s is refused", async (_, given, code) => {
  const { engine } = await createStages();
  expect(await codeOf(engine.applyMigration({ ...promotion, ...given }, onProduction))).toBe(code);
});
