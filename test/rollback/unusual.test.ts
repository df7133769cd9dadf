import { describe, expect, it } from "vitest";
import { withoutBookkeeping } from "../baseline/run-recorded.ts";
import { readOracle } from "../drift/catalog-oracle.ts";
import { findPgDump, readDump, type Entries } from "../drift/pg-dump.ts";
import { runScripts } from "../drift/run-script.ts";
import { applyApproved } from "../histories/apply-approved.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createProject } from "../support/project.ts";
import { createDatabase, ensureTemplate, fillAsSupabase } from "../support/test-database.ts";
import { readRows } from "./read-rows.ts";
import { rollBack } from "./roll-back.ts";
import { unusualMigrations, unusualWorld } from "./unusual-migrations.ts";

/** `GODWIT_ROLLBACK_CASE=expression` tries those with it in their titles and prints what is told; `GODWIT_ROLLBACK_MAJOR=17` on that server. */
const major = Number(process.env["GODWIT_ROLLBACK_MAJOR"] ?? 15) as PostgresMajor;
const pgDump = await findPgDump(major);
const wanted = new RegExp(process.env["GODWIT_ROLLBACK_CASE"] ?? "");
const isTalking = process.env["GODWIT_ROLLBACK_CASE"] !== undefined;

describe("the way back of an unusual migration", () => {
  it.each(unusualMigrations.filter(({ title }) => wanted.test(title)))(
    "$title",
    async ({ sql, verdict, leaves }) => {
      const database = await createDatabase({ major, template: await worldTemplate() });
      const project = await createProject({
        url: database.url,
        files: { "supabase/migrations/20260101000000_change.sql": sql },
        settings: { rollbackWindowHours: 48 },
      });
      try {
        const before = await readState(database.url);
        const report = await applyApproved(project.engine, {});
        expect(report.failure).toBeUndefined();
        const told = report.migrations[0]?.rollback ?? "none:";
        if (isTalking) console.log(told);
        const found = told.slice(0, told.indexOf(":"));
        if (["proven", "proven_schema_only", "lossy"].includes(found)) {
          await rollBack(project.engine);
          const end = await readState(database.url);
          expect.soft(end.dump, "pg_dump").toEqual(before.dump);
          expect.soft(withoutKey(end.schema, leaves), "oracle").toEqual(withoutKey(before.schema, leaves));
          if (found === "proven") expect.soft(end.rows, "rows").toEqual(before.rows);
        }
        expect.soft(found).toBe(verdict);
      } finally {
        await project.remove();
        await database.drop();
      }
    },
  );
});

function worldTemplate(): Promise<string> {
  return ensureTemplate({
    major,
    name: "unusual_world",
    fill: async (url) => {
      await fillAsSupabase(url, major);
      const failure = await runScripts(url, [unusualWorld]);
      if (failure !== undefined) throw new Error(`${failure.statement}: ${failure.message}`);
    },
  });
}

async function readState(url: string) {
  return {
    schema: withoutBookkeeping(await readOracle(url)),
    dump: pgDump === undefined ? {} : withoutHistory(await readDump(pgDump, url)),
    rows: await readRows(url),
  };
}

function withoutKey<T>(entries: Readonly<Record<string, T>>, left: string | undefined) {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== left));
}

function withoutHistory(entries: Entries): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].filter(([key]) => !key.includes("supabase_migrations")));
}
