import { describe, expect, it } from "vitest";
import { checkStatements } from "../../../src/engine/rules/index.ts";
import { harmless } from "./harmless.ts";
import { hazardous } from "./hazardous.ts";

/** Hazards that are told as `info` at most, or not at all, and why that stays so. */
const missed: Readonly<Record<string, string>> = {
  'CREATE TABLE "Leads" ("Id" int primary key)':
    "Without a schema the search path decides; a replay or the live schema tells.",
  "create table if not exists leads (like crm.leads including all)":
    "Without a schema the search path decides; a replay or the live schema tells.",
  "create view open_leads with (security_invoker = off) as select * from leads":
    "Without a schema the search path decides; a replay or the live schema tells.",
  "grant execute on function public.wipe() to anon":
    "Everyone may execute a new function anyway; S12 tells of those that run as their owner.",
  "create policy p on public.notes for all to anon using (id > 0)":
    "What a column means for whose row it is, nobody can tell from the text.",
  "delete from crm.deals where id = any (array(select id from crm.deals))":
    "Subqueries that find every row are endless; the rows are measured before the COMMIT.",
  "delete from crm.deals where created_at < now()":
    "It reads like `expires_at < now()`, which is how old rows are cleared away.",
  "do $$ declare c cursor for delete from crm.deals returning 1; begin open c; end $$":
    "PostgreSQL refuses a cursor that deletes.",
  "create or replace function crm.f() returns trigger language plpgsql as $$ begin delete from crm.deals; return new; end $$; create trigger t after insert on crm.a for each row execute function crm.f(); insert into crm.a values (1)":
    "Which triggers fire, the run shows: a rehearsal counts the rows.",
  "revoke usage on schema public from anon, authenticated":
    "Taking rights away is how a schema is closed; verify_schema says whom it shuts out.",
};

describe("the rules, on statements of many spellings", () => {
  it.each(Object.keys(hazardous))("tell of the hazards of kind %s", async (kind) => {
    const found = await quiet(hazardous[kind] ?? []);
    expect(found).toEqual((hazardous[kind] ?? []).filter((sql) => sql in missed));
  });

  it("find 95 of 100 hazards, and 27 of 29 of security", () => {
    const all = Object.values(hazardous).flat();
    const security = hazardous["sec"] ?? [];
    expect(Object.keys(missed).length / all.length).toBeLessThan(5 / 100);
    expect(security.filter((sql) => sql in missed).length / security.length).toBeLessThan(2 / 29);
    expect(Object.keys(missed).filter((sql) => !all.includes(sql))).toEqual([]);
  });

  it("leave what is harmless at info", async () => {
    expect(await quiet(harmless)).toEqual(harmless);
  });
});

/** The statements that are told as `info` at most. */
async function quiet(statements: readonly string[]): Promise<readonly string[]> {
  const verdicts = await Promise.all(
    statements.map(async (sql) => {
      const { findings, unreadable } = await checkStatements({ migrations: [{ fileName: "1_a.sql", sql }] });
      expect(unreadable, sql).toEqual([]);
      return findings.every(({ severity }) => severity === "info");
    }),
  );
  return statements.filter((_sql, index) => verdicts[index]);
}
