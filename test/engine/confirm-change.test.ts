import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CallContext, Engine } from "../../src/engine/index.ts";
import { connectInProcess, eras } from "../mcp/connect.ts";
import { createPlayground, type Playground } from "./playground.ts";

/** Two recorded versions, of which no file is there. */
async function openOrphans(): Promise<Playground & { readonly files: () => Promise<readonly string[]> }> {
  const playground = await createPlayground({
    before: `
      create schema supabase_migrations;
      create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
      insert into supabase_migrations.schema_migrations values
        ('20260101000001', array['create table public.a (id int)'], 'a'),
        ('20260101000002', array['create table public.b (id int)'], 'b');
      create table public.a (id int);
      create table public.b (id int);`,
    files: { "20260101000003_c.sql": "create table public.c (id int);\n" },
  });
  const dir = path.join(playground.dir, "supabase/migrations");
  return { ...playground, files: async () => (await readdir(dir)).filter((name) => name.endsWith(".sql")) };
}

const canAsk: CallContext = { canAskPerson: true };

/** Both tools that change files and history together. */
const tools = {
  reconcile_history: (engine: Engine) => engine.reconcileHistory,
  create_baseline: (engine: Engine) => engine.createBaseline,
};

describe.each(["reconcile_history", "create_baseline"] as const)("%s", (name) => {
  it("wants the person's yes where there is one to ask, also from an agent that repeats the plan id", async () => {
    const { engine, files } = await openOrphans();
    const call = tools[name](engine);
    const { status, plan_id: planId = "" } = await call({}, canAsk);
    expect(status).toBe("planned");
    const waiting = await call({ confirm: planId }, canAsk);
    expect(waiting).toMatchObject({ status: "confirmation_required", plan_id: planId });
    expect(await files()).toEqual(["20260101000003_c.sql"]);
    const done = await call({ confirm: planId }, { ...canAsk, approvedPlan: planId });
    expect(["carried_out", "done"]).toContain(done.status);
  });
});

it("refuses the plan that a person approved once it is another, and names what has changed", async () => {
  const { engine, sql, dir, files } = await openOrphans();
  const { plan_id: planId = "" } = await engine.reconcileHistory({}, canAsk);
  await sql`update supabase_migrations.schema_migrations set name = 'other' where version = '20260101000002'`;
  await writeFile(path.join(dir, "supabase/migrations/20260101000004_d.sql"), "select 4;\n");
  const refused = engine.reconcileHistory({}, { ...canAsk, approvedPlan: planId });
  await expect(refused).rejects.toMatchObject({
    code: "plan_is_stale",
    message: expect.stringMatching(/history has changed.*20260101000002.*migrations have changed/),
    hint: expect.stringContaining("reconcile_history"),
  });
  expect(await files()).toHaveLength(2);
});

describe.each(eras)("a client of %s that can ask its person", (era) => {
  it("has the person asked about the plan that it confirms, and not about looking at it", async () => {
    const { engine, files, dir } = await openOrphans();
    const asked: string[] = [];
    const answers: ("decline" | "accept")[] = ["decline", "accept"];
    const connected = await connectInProcess(era, engine, (message) => {
      asked.push(message);
      return answers.shift() ?? "decline";
    });
    onTestFinished(connected.close);
    const plan = await connected.call("reconcile_history", {});
    expect(asked).toEqual([]);
    const { plan_id: confirm } = plan.structuredContent as { readonly plan_id: string };
    expect((await connected.call("reconcile_history", { confirm })).structuredContent).toMatchObject({
      error: { code: "not_confirmed" },
    });
    expect(await files()).toEqual(["20260101000003_c.sql"]);
    expect((await connected.call("reconcile_history", { confirm })).structuredContent).toMatchObject({
      status: "carried_out",
    });
    expect(asked[1]).toContain("2 adopt");
    expect(await readFile(path.join(dir, "supabase/migrations/20260101000001_a.sql"), "utf8")).toBe(
      "create table public.a (id int);\n",
    );
  });
});
