import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, expect, test } from "vitest";
import { type CallContext, type Engine, type LabelledTarget } from "../../src/engine/index.ts";
import { createProject } from "../support/project.ts";
import { createDatabase } from "../support/test-database.ts";
import { codeOf } from "./playground.ts";

const memory = { kind: "embedded", dataDir: "memory" } as const;
const target = (label: string, address: LabelledTarget["address"], readOnly = false): LabelledTarget => ({
  label,
  isProduction: label === "production",
  readOnly,
  address,
});

async function newDatabase(): Promise<LabelledTarget["address"]> {
  const { url, drop } = await createDatabase();
  onTestFinished(drop);
  return { kind: "postgres", url };
}

interface Several {
  readonly engine: Engine;
  readonly dir: string;
  readonly apply: (name: string, query: string, call?: CallContext) => ReturnType<Engine["applyMigration"]>;
}

/** A project whose usual target is staging, beside production and what else is given. */
async function createSeveral(
  others: readonly LabelledTarget[] = [],
  usual: "staging" | "production" = "staging",
): Promise<Several> {
  const [staging, production] = [await newDatabase(), await newDatabase()];
  const project = await createProject({
    files: { "supabase/config.toml": "" },
    settings: {
      target: {
        kind: "labelled",
        usual,
        targets: [target("staging", staging), target("production", production), ...others],
      },
    },
  });
  const { engine } = project;
  onTestFinished(project.remove);
  return {
    engine,
    dir: project.dir,
    apply: (name, query, call = {}) => engine.applyMigration({ name, query }, call),
  };
}

const production = { target: "production" };
const orders = "create table public.orders (id int primary key);";

test("each label has a database of its own, and a call that names none means the usual one", async () => {
  const { engine, apply } = await createSeveral();
  await apply("add_orders", orders);
  expect(await engine.listMigrations({}, { target: "staging" })).toMatchObject({
    target: expect.stringMatching(/^staging \(/),
    counts: { applied: 1 },
  });
  expect(await engine.listMigrations({}, production)).toMatchObject({
    target: expect.stringMatching(/^production \(/),
    counts: { pending: 1 },
    next_steps: expect.arrayContaining([expect.stringContaining('target: "production"')]),
  });
});

test("a label that there is not is answered with those that there are", async () => {
  const { engine } = await createSeveral();
  const failed = engine.listMigrations({}, { target: "prod" });
  await expect(failed).rejects.toMatchObject({
    code: "unknown_target",
    message: expect.stringContaining("staging, production"),
  });
  const { url, drop } = await createDatabase();
  onTestFinished(drop);
  const alone = await createProject({ url });
  onTestFinished(alone.remove);
  const compared = alone.engine.compareDatabases({ against: { label: "staging" } }, {});
  expect(await codeOf(compared)).toBe("unknown_target");
});

test("a target without its variable keeps no other from being used, and nothing is opened before its first call", async () => {
  const reason = "ELSEWHERE_URL is not set.";
  const { engine, dir } = await createSeveral([
    target("elsewhere", { kind: "not_set_up", reason }),
    target("on_disk", { kind: "embedded", dataDir: join(tmpdir(), "never-made") }),
  ]);
  const failed = engine.listMigrations({}, { target: "elsewhere" });
  await expect(failed).rejects.toMatchObject({
    code: "target_not_set_up",
    message: expect.stringContaining(reason),
  });
  expect(await engine.listMigrations({}, {})).toMatchObject({ migrations: [] });
  expect(existsSync(join(dir, ".godwit"))).toBe(false);
  expect(existsSync(join(tmpdir(), "never-made"))).toBe(false);
});

test("a target that is marked read-only refuses writes that another takes", async () => {
  const { apply } = await createSeveral([target("reporting", memory, true)]);
  expect(await codeOf(apply("add_orders", orders, { target: "reporting" }))).toBe("read_only");
  expect(await apply("add_orders", orders)).toMatchObject({ status: "applied" });
});

test("a harmless migration of production waits for a yes that names production", async () => {
  const { engine, apply } = await createSeveral();
  const asked = await apply("add_orders", orders, production);
  expect(asked).toMatchObject({
    status: "confirmation_required",
    confirm_target: "production",
    summary: expect.stringContaining("production"),
  });
  const request = { name: "add_orders", query: orders, confirm: asked.plan_id ?? "" };
  const applied = await engine.applyMigration(request, production);
  expect(applied.status).toBe("applied");
});

test("a yes to a change of production that does not name it is refused, though production is the usual target", async () => {
  const { engine } = await createSeveral([], "production");
  await engine.createMigration({ name: "add_orders", query: orders }, {});
  const asked = await engine.applyMigration({}, {});
  expect(asked.next_steps?.join()).toContain('target: "production"');
  const confirm = asked.plan_id ?? "";
  expect(await codeOf(engine.applyMigration({ confirm }, {}))).toBe("target_not_named");
  expect(await engine.applyMigration({ confirm }, production)).toMatchObject({ status: "applied" });
});

test("changing one row of production waits for a yes, and is rolled back until then", async () => {
  const { engine, apply } = await createSeveral();
  const asked = await apply("add_orders", orders, production);
  await engine.applyMigration(
    { name: "add_orders", query: orders, confirm: asked.plan_id ?? "" },
    production,
  );
  const write = { query: "insert into public.orders values (1)", write: true };
  const count = async () =>
    (await engine.executeSql({ query: "select count(*)::int as n from public.orders" }, production)).rows;
  const question = await engine.executeSql(write, production);
  expect(question).toMatchObject({ status: "confirmation_required", confirm_target: "production" });
  expect(await count()).toEqual([{ n: 0 }]);
  await engine.executeSql({ ...write, confirm: question.plan_id ?? "" }, production);
  expect(await count()).toEqual([{ n: 1 }]);
});

test("a phase of production waits for a yes too", async () => {
  const { engine } = await createSeveral();
  const query = "select 1;";
  expect(await engine.runPhase({ phase: "1.1_look", query }, production)).toMatchObject({
    status: "confirmation_required",
    confirm_target: "production",
  });
  expect(await engine.runPhase({ phase: "1.1_look", query }, {})).toMatchObject({ status: "completed" });
});

test("a plan of staging is no yes to the same change of production", async () => {
  const { engine, apply } = await createSeveral([target("other", memory)]);
  const planned = await engine.applyMigration({ name: "add_orders", query: orders, dryRun: true }, {});
  const confirm = planned.plan_id ?? "";
  const elsewhere = engine.applyMigration({ name: "add_orders", query: orders, confirm }, production);
  expect(await codeOf(elsewhere)).toBe("plan_is_stale");
  expect(await apply("add_orders", orders)).toMatchObject({ status: "applied" });
  const mistaken = engine.listMigrations({}, { target: "other", projectId: "another" });
  expect(await codeOf(mistaken)).toBe("wrong_target");
});

test("two targets are compared by their labels, as two addresses are", async () => {
  const { engine, apply } = await createSeveral();
  await apply("add_orders", orders);
  const report = await engine.compareDatabases({ against: { label: "production" } }, {});
  expect(report).toMatchObject({
    has_drift: true,
    target: expect.stringMatching(/^staging/),
    against: expect.stringMatching(/^production/),
    drift: expect.arrayContaining([expect.objectContaining({ change: "only_in_target", kind: "table" })]),
    scripts: { to_against: { proved: true }, to_target: { proved: true } },
    sql: { to_target: expect.stringMatching(/create table/i) },
  });
  const self = engine.compareDatabases({ against: { label: "staging" } }, {});
  expect(await codeOf(self)).toBe("arguments_conflict");
});

test("a caller of some targets reaches no other, neither to change nor to read it", async () => {
  const { engine, apply } = await createSeveral([], "production");
  const caller = { mayReach: ["staging"] };
  await apply("add_orders", orders, { ...caller, target: "staging" });
  const refused = [
    engine.listMigrations({}, caller),
    engine.executeSql({ query: "select 1" }, { ...caller, target: "production" }),
    engine.compareDatabases({ against: { label: "production" } }, { ...caller, target: "staging" }),
    engine.applyMigration({ promoteFrom: "production" }, { ...caller, target: "staging" }),
    engine.listMigrations({}, { ...caller, target: "nowhere" }),
  ];
  expect(await Promise.all(refused.map(codeOf))).toEqual(refused.map(() => "target_not_allowed"));
  expect(await engine.listMigrations({}, { ...caller, target: "staging" })).toMatchObject({
    counts: { applied: 1 },
  });
});

test("a caller of some targets does not reach the one of a server that has no labels", async () => {
  const project = await createProject({});
  onTestFinished(project.remove);
  expect(await codeOf(project.engine.listMigrations({}, { mayReach: ["staging"] }))).toBe(
    "target_not_allowed",
  );
});
