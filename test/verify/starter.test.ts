import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCatalog } from "../../src/engine/catalog/read-catalog.ts";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import type { Session, SessionDatabase } from "../../src/engine/ports.ts";
import { readSpec } from "../../src/engine/verify/read-spec.ts";
import { runSpec } from "../../src/engine/verify/run-spec.ts";
import { writeStarter } from "../../src/engine/verify/write-starter.ts";
import { connect } from "../engine/playground.ts";
import { hasHistories, readHistories } from "../histories/real-histories.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

const companies = "public.companies";
const reading = `"Enable read access for authenticated users" on ${companies}`;

/** Ways to break a schema by hand, and the assertion that has to notice. */
const breaks: readonly (readonly [sql: string, noticedBy: string])[] = [
  ["drop table public.favicons_excluded_domains cascade", "tables_are"],
  ["create table public.unprotected (id int)", "tables_are"],
  [`alter table ${companies} rename to firms`, "tables_are"],
  [`alter table ${companies} drop column website cascade`, "columns_are"],
  [`alter table ${companies} add column secret text`, "columns_are"],
  [`alter table ${companies} alter column name drop not null`, "columns_are"],
  [`alter table ${companies} alter column sector set default 'none'`, "columns_are"],
  [`alter table public.tags alter column color type varchar(9)`, "columns_are"],
  [`alter table ${companies} drop constraint companies_pkey cascade`, "constraints_are"],
  [`alter table ${companies} drop constraint companies_sales_id_fkey`, "constraints_are"],
  [`alter table ${companies} add constraint short check (length(name) < 9) not valid`, "constraints_are"],
  ["drop index public.uq__sales__user_id", "indexes_are"],
  [`create unique index one_city on ${companies} (city)`, "indexes_are"],
  ["drop trigger set_contact_sales_id_trigger on public.contacts", "triggers_are"],
  ["alter table public.contacts disable trigger set_contact_sales_id_trigger", "triggers_are"],
  ["drop trigger on_auth_user_created on auth.users", "has_trigger"],
  [`alter table ${companies} disable row level security`, "rls_enabled"],
  [`drop policy ${reading}`, "policies_are"],
  [`alter policy ${reading} to public`, "policies_are"],
  [`alter policy ${reading} using (now() is not null)`, "policies_are"],
  [`create policy everybody on ${companies} for delete using (true)`, "policies_are"],
  [
    `grant select on ${companies} to anon with grant option; revoke select on ${companies} from authenticated`,
    "table_privs_are",
  ],
  ["drop view public.init_state", "has_view"],
  ["alter function public.handle_new_user() security invoker", "is_definer"],
  ["alter function public.set_sales_id_default() security definer", "isnt_definer"],
  ["revoke execute on function public.handle_new_user() from public, anon", "function_privs_are"],
];

describe.skipIf(!hasHistories)("a starter spec of a real history", () => {
  let target: TestDatabase;
  let database: SessionDatabase;
  let text: string;

  beforeAll(async () => {
    target = await createSupabaseDatabase();
    await applyAll(target.url, "marmelab__atomic-crm");
    database = await openDatabase({ kind: "postgres", url: target.url });
    text = await inRolledBack(async (session) => writeStarter(session, await readCatalog(session)));
  }, 120_000);

  afterAll(async () => {
    await database.close();
    await target.drop();
  });

  function inRolledBack<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return database.withSession(async (session) => {
      await session.run(sql`begin`);
      try {
        return await work(session);
      } finally {
        await session.run(sql`rollback`);
      }
    });
  }

  const judge = (change: string) =>
    inRolledBack(async (session) => {
      for (const statement of change.split("; ")) await session.run(userStatement(statement));
      const spec = readSpec(text, "starter.yaml");
      const results = await runSpec(session, spec, { isReadOnly: false, quote: (told) => told });
      return results.filter(({ outcome }) => outcome !== "passed").map(({ check }) => check);
    });

  it("passes at once", async () => {
    expect(await judge("select 1")).toEqual([]);
  });

  it.each(breaks)("notices %s", async (change, noticedBy) => {
    expect(await judge(change)).toContain(noticedBy);
  });
});

async function applyAll(url: string, name: string): Promise<void> {
  const history = readHistories().find((each) => each.name === name);
  const client = connect(url);
  for (const file of history?.fileNames ?? []) {
    await client.unsafe("reset all").simple();
    await client.unsafe(readFileSync(path.join(history?.migrationsDir ?? "", file), "utf8")).simple();
  }
  await client.end();
}
