import { expect, onTestFinished, test } from "vitest";
import { graphqlExposedTo } from "../../src/engine/advisors/graphql-exposed-to.ts";
import { securityDefinerExecutableBy } from "../../src/engine/advisors/security-definer-executable.ts";
import { runAdvisors } from "../../src/engine/advisors/run-advisors.ts";
import { openPostgres } from "../../src/engine/database/postgres.ts";
import { sql } from "../../src/engine/database/sql.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";

test("a function with its owner's rights is told for each role that may call it, and for no other", async () => {
  const { url } = await createSupabaseDatabase({ major: 17 });
  const database = openPostgres({ url });
  onTestFinished(() => database.close());
  const told = await database.withSession(async (session) => {
    await session.run(sql`
      create function public.lent() returns int language sql security definer set search_path = '' as 'select 1'`);
    await session.run(sql`revoke execute on function public.lent() from public, anon`);
    await session.run(sql`grant execute on function public.lent() to authenticated`);
    const checks = [securityDefinerExecutableBy("anon"), securityDefinerExecutableBy("authenticated")];
    const only = async () => (await runAdvisors(session, checks)).map(({ check }) => check);
    const first = await only();
    await session.run(sql`grant execute on function public.lent() to anon`);
    await session.run(sql`revoke execute on function public.lent() from authenticated`);
    return { first, second: await only() };
  });
  expect(told).toEqual({
    first: ["authenticated_security_definer_function_executable"],
    second: ["anon_security_definer_function_executable"],
  });
});

test("a table in the GraphQL schema is told for each role that may read it, and for no other", async () => {
  const { url } = await createSupabaseDatabase({ major: 17 });
  const database = openPostgres({ url });
  onTestFinished(() => database.close());
  const told = await database.withSession(async (session) => {
    await session.run(sql`create extension if not exists pg_graphql`);
    await session.run(sql`create table public.shown (id int)`);
    await session.run(sql`revoke select on public.shown from anon`);
    await session.run(sql`grant select on public.shown to authenticated`);
    return runAdvisors(session, [graphqlExposedTo("anon"), graphqlExposedTo("authenticated")]);
  });
  expect(told).toMatchObject([
    { check: "pg_graphql_authenticated_table_exposed", object: "relation public.shown" },
  ]);
});
