import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CallContext, ExecuteSqlReport, ExecuteSqlRequest } from "../../src/engine/index.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";

const fill = `
  create table notes (id int primary key, body text);
  insert into notes select g, 'note ' || g from generate_series(1, 3000) g;
  create table tags (id int primary key, note_id int references notes on delete cascade);
  insert into tags select g, 1 + g % 2 from generate_series(1, 2500) g;
  create table empty (id int);
`;

describe.each(["PostgreSQL 17", "the embedded database"])("a change of rows on %s", (engine) => {
  let database: TestDatabase | undefined;
  let project: TestProject;

  beforeAll(async () => {
    database = engine === "PostgreSQL 17" ? await createDatabase() : undefined;
    project = await createProject(database === undefined ? {} : { url: database.url });
    await project.engine.applyMigration({ name: "fill", query: fill }, {});
  });
  afterAll(async () => {
    await project.remove();
    await database?.drop();
  });

  const change = (request: ExecuteSqlRequest, call: CallContext = {}): Promise<ExecuteSqlReport> =>
    project.engine.executeSql({ ...request, write: true }, call);
  const counts = async (): Promise<unknown> =>
    (
      await project.engine.executeSql(
        {
          query:
            "select (select count(*)::int from notes) as notes, (select count(*)::int from tags) as tags, (select count(*)::int from notes where body = 'x') as changed",
        },
        {},
      )
    ).rows?.[0];

  test.each([
    ["delete from tags", [{ object: "table public.tags", change: "deleted", rows: 2500 }]],
    ["update notes set body = 'x'", [{ object: "table public.notes", change: "overwritten", rows: 3000 }]],
    ["update notes set body = 'x' where id > 10", [{ object: "table public.notes", rows: 2990 }]],
    [
      "delete from notes where id = 1",
      [
        { object: "table public.tags", change: "deleted", rows: 1250 },
        { object: "table public.notes", change: "deleted", rows: 1 },
      ],
    ],
    ["truncate tags", [{ object: "table public.tags", change: "emptied", rows: 2500 }]],
    [
      "with gone as (delete from tags where true returning 1) insert into empty select * from gone",
      [{ object: "table public.tags", change: "deleted", rows: 2500 }],
    ],
  ])("waits for a confirmation and keeps nothing: %s", async (query, losses) => {
    const report = await change({ query });
    expect(report).toMatchObject({ status: "confirmation_required", losses });
    expect(report.losses).toHaveLength(losses.length);
    expect(report.next_steps?.join()).toContain(report.plan_id);
    expect(await counts()).toEqual({ notes: 3000, tags: 2500, changed: 0 });
  });

  test("of few rows that a condition chose needs none, nor one of no rows", async () => {
    expect(await change({ query: "update notes set body = body where id <= 1000" })).toMatchObject({
      rows_affected: 1000,
    });
    expect((await change({ query: "delete from empty" })).status).toBeUndefined();
  });

  test("is kept with its own plan id, which another statement cannot use", async () => {
    const query = "update notes set body = 'x' where id > 1500";
    const { plan_id: confirm = "" } = await change({ query });
    await expect(change({ query: "update notes set body = 'x'", confirm })).rejects.toMatchObject({
      code: "plan_is_stale",
    });
    await expect(change({ query, confirm: "true" })).rejects.toMatchObject({ code: "plan_is_stale" });
    expect(await change({ query, confirm }, { canAskPerson: true })).toMatchObject({
      status: "confirmation_required",
    });
    expect(await change({ query, confirm })).toMatchObject({ rows_affected: 1500 });
    expect(await counts()).toEqual({ notes: 3000, tags: 2500, changed: 1500 });
    const back = { query: "update notes set body = 'note' where id > 1500" };
    const { plan_id: approvedPlan = "" } = await change(back, { canAskPerson: true });
    expect(await change(back, { canAskPerson: true, approvedPlan })).toMatchObject({ rows_affected: 1500 });
  });
});
