import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createProject } from "../support/project.ts";

const folder = "migrations";
const applied = {
  "20260101000000_people.sql": "create table public.people (id int primary key);\n",
  "20260102000000_pets.sql": "create table public.pets (id int primary key);\n",
};

test("a squash older than what it stands for is taken over with the file behind it that has run already, by the answers' own calls", async () => {
  const inFolder = Object.entries(applied).map(([name, sql]) => [`${folder}/${name}`, sql] as const);
  const { dir, engine, write, remove } = await createProject({ files: Object.fromEntries(inFolder) });
  onTestFinished(remove);
  expect(await engine.applyMigration({}, {})).toMatchObject({ status: "applied" });
  await mkdir(path.join(dir, folder, "_old"));
  for (const name of Object.keys(applied))
    await rename(path.join(dir, folder, name), path.join(dir, folder, "_old", name));
  await write({
    [`${folder}/00000000000000_all.sql`]: "create table public.people (id integer primary key);\n",
    [`${folder}/20260103000000_behind.sql`]: `${applied["20260102000000_pets.sql"]}select 1;\n`,
  });

  const takeOver = { from: "baseline" } as const;
  const refused = await engine.createBaseline(takeOver, {});
  expect(refused).toMatchObject({
    status: "not_proved",
    difference_counts: { "table only_in_live": 1 },
    differences: [{ explained_by: `${folder}/20260103000000_behind.sql` }],
  });
  const actions = ["mark_applied 20260103000000_behind.sql"];
  expect(refused.next_steps?.[0]).toContain(`reconcile_history { actions: ${JSON.stringify(actions)}`);
  const mark = { actions, reason: "it made the pets" };
  const { plan_id: confirm = "" } = await engine.reconcileHistory(mark, {});
  expect(await engine.reconcileHistory({ ...mark, confirm }, {})).toMatchObject({ status: "carried_out" });

  const planned = await engine.createBaseline(takeOver, {});
  expect(planned).toMatchObject({ proved: true, replaces: { entries: 2, newest: "20260102000000" } });
  await engine.createBaseline({ ...takeOver, confirm: planned.plan_id ?? "" }, {});
  const { migrations } = await engine.listMigrations({}, {});
  expect(migrations.map(({ version, state }) => [version, state])).toEqual([
    ["00000000000000", "applied"],
    ["20260103000000", "applied"],
  ]);
  expect(await engine.detectDrift({}, {})).toMatchObject({ has_drift: false, findings: [] });
});
