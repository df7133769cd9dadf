import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApplyMigrationReport, ApplyMigrationRequest } from "../../src/engine/index.ts";
import { createProject } from "../support/project.ts";
import { createDatabase } from "../support/test-database.ts";
import { connect } from "./playground.ts";

const before = `
  do $$ begin create role anon; exception when duplicate_object then null; end $$;
  do $$ begin create role authenticated; exception when duplicate_object then null; end $$;
  create table orders (id int primary key, owner uuid);
  alter table orders enable row level security;
  insert into orders select g from generate_series(1, 250) g;
  create table empty (id int primary key);
  create table emptied (id int);
  insert into emptied values (1);
  delete from emptied;
  create view seen as select id from orders;
  grant usage on schema public to anon;
  create function wipe() returns int language plpgsql as 'begin return 1; end';
`;

let apply: (request: ApplyMigrationRequest) => Promise<ApplyMigrationReport>;
let end: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  const database = await createDatabase();
  const sql = connect(database.url);
  await sql.unsafe(before).simple();
  const project = await createProject({ url: database.url });
  apply = (request) => project.engine.applyMigration({ name: "change", ...request }, {});
  end = async () => {
    await project.remove();
    await sql.end({ timeout: 1 });
    await database.drop();
  };
});
afterAll(() => end());

describe("a plan in which the rules find an error", () => {
  test.each([
    ["S04", "create policy open on orders for all using (true) with check (true);"],
    ["S04", "do $$ begin create policy open on orders for all to public using (true); end $$;"],
    ["S17", "grant pg_execute_server_program to anon;"],
    ["S16", "grant all on orders to anon;"],
    ["D06", "merge into orders o using (values (1)) s (id) on true when matched then delete;"],
  ])("asks first for what opens or destroys: %s %s", async (code, query) => {
    const report = await apply({ query });
    expect(report).toMatchObject({ status: "confirmation_required" });
    expect(report.findings?.[0]).toMatchObject({ severity: "error", code });
    expect(report.summary).toContain(code);
    const rehearsed = await apply({ query, dryRun: true });
    expect(rehearsed.plan_id).toBe(report.plan_id);
    expect(rehearsed.summary).toContain("Found in its text");
  });

  test.each([
    "create policy open on empty for all using (true) with check (true);",
    "create policy open on emptied for all using (true) with check (true);",
    "create table fresh (id int primary key); create policy open on fresh using (true);",
    "create table fresh (id int primary key); grant select on fresh to authenticated;",
    "drop table empty; drop table emptied;",
  ])("does not ask for what concerns an empty table: %s", async (query) => {
    const report = await apply({ query, dryRun: true });
    expect(report).toMatchObject({ status: "rehearsed" });
    expect(report.summary).not.toContain("Found in its text");
  });

  test("asks also where the file allows it, and an allowance is part of the plan's id", async () => {
    const policy = "create policy open on orders for all using (true) with check (true);";
    const plain = await apply({ query: policy });
    const allowed = await apply({ query: `-- godwit:allow S04 a demo of open data\n${policy}` });
    const otherwise = await apply({ query: `-- godwit:allow S04 for reasons\n${policy}` });
    for (const report of [plain, allowed, otherwise]) expect(report.status).toBe("confirmation_required");
    expect(allowed.findings?.[0]).toMatchObject({ code: "S04", suppressed: "a demo of open data" });
    expect(new Set([plain, allowed, otherwise].map(({ plan_id: id }) => id)).size).toBe(3);
  });

  test("tells warnings with what to write instead, and leaves out those that the file allows", async () => {
    const index = "create index orders_owner on orders (owner);";
    const rehearsed = await apply({ query: index, dryRun: true });
    expect(rehearsed.findings).toMatchObject([
      { severity: "warning", code: "L01", line: expect.any(Number) },
    ]);
    expect(rehearsed.findings?.[0]?.hint).toContain("concurrently");
    const allowed = `-- godwit:allow L01 small table\n${index}`;
    expect((await apply({ query: allowed, dryRun: true })).findings).toBeUndefined();
    const applied = await apply({ name: "with_index", query: index });
    expect(applied).toMatchObject({ status: "applied", findings: [{ code: "L01" }] });
  });

  test("goes through with the plan's id", async () => {
    const request = { name: "opened", query: "grant all on orders to anon;" };
    const { plan_id: confirm = "" } = await apply(request);
    expect(await apply({ ...request, confirm })).toMatchObject({ status: "applied" });
  });
});
