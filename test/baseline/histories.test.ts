import { existsSync, readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readOracle } from "../drift/catalog-oracle.ts";
import { catalogOracleFile } from "../drift/schema-pairs.ts";
import { findPgDump, readDump } from "../drift/pg-dump.ts";
import { applyHistory } from "../histories/apply-history.ts";
import { readHistories, type RealHistory } from "../histories/real-histories.ts";
import { expectAgreement } from "../interop/after-baseline.ts";
import { findCli } from "../interop/supabase-cli.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { whole } from "./meeting.ts";
import { dumpWithoutBookkeeping, runRecorded, withoutBookkeeping } from "./run-recorded.ts";

/** Every history, and what some of them keep from before they were squashed. */
const histories = readHistories().flatMap((history): readonly RealHistory[] => [
  history,
  ...["archive", "_archive"]
    .map((name) => path.join(history.migrationsDir, name))
    .filter((folder) => existsSync(folder))
    .map((migrationsDir) => ({
      ...history,
      name: `${history.name} before its squash`,
      migrationsDir,
      fileNames: readdirSync(migrationsDir)
        .filter((file) => /^[0-9]+_.*\.sql$/.test(file))
        .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    })),
]);

const proved: string[] = [];
const cli = findCli();

describe.skipIf(!existsSync(catalogOracleFile))("a baseline of a real history", { timeout: 900_000 }, () => {
  afterAll(() => console.log(`${proved.length} of ${histories.length} histories: ${proved.join(", ")}`));

  it.for(histories.map((history) => [history.name, history] as const))(
    "%s proves itself, leaves no drift, agrees with the Supabase CLI and builds an empty project",
    async ([, history], { skip }) => {
      const [live, empty] = [await createSupabaseDatabase(), await createSupabaseDatabase()];
      try {
        const { project, appliedCount } = await applyHistory(history, { url: live.url });
        try {
          skip(appliedCount === 0, "none of its files applies, so that nothing is there to stand for");
          const files = await readdir(path.join(project.dir, "supabase/migrations"));
          const planned = await project.engine.createBaseline({}, whole);
          expect(planned.failures ?? []).toEqual([]);
          expect(planned.differences ?? []).toEqual([]);
          expect(planned).toMatchObject({ status: "planned", proved: true });
          const done = await project.engine.createBaseline({ confirm: planned.plan_id ?? "" }, whole);
          expect(done.status).toBe("done");
          await expectArchived(project.dir, files);
          const drift = await project.engine.detectDrift({ schema: true }, whole);
          expect(drift.drift).toEqual([]);
          expect(drift.has_drift).toBe(false);
          if (cli !== undefined) {
            await project.write({ "supabase/config.toml": 'project_id = "history"\n' });
            await expectAgreement(cli, project, live);
          }
          await runRecorded(live.url, empty.url);
          await expectSameProject(live.url, empty.url);
          proved.push(history.name);
        } finally {
          await project.remove();
        }
      } finally {
        await Promise.all([live.drop(), empty.drop()]);
      }
    },
  );
});

/** The folder holds the baseline alone, and every file that it replaced is kept. */
async function expectArchived(dir: string, before: readonly string[]): Promise<void> {
  const folder = path.join(dir, "supabase/migrations");
  const isMigration = (file: string) => /^[0-9]+_.*\.sql$/.test(file);
  const now = (await readdir(folder)).filter(isMigration);
  expect(now).toEqual([expect.stringMatching(/_baseline\.sql$/)]);
  const kept = await readdir(path.join(folder, "archive"));
  expect(before.filter(isMigration).filter((file) => !kept.includes(file))).toEqual([]);
}

/** By the independent catalog query and, where there is one, by pg_dump. */
async function expectSameProject(live: string, built: string): Promise<void> {
  expect(withoutBookkeeping(await readOracle(built))).toEqual(withoutBookkeeping(await readOracle(live)));
  const pgDump = await findPgDump(17);
  if (pgDump === undefined) return;
  const [wanted, found] = [await readDump(pgDump, live), await readDump(pgDump, built)];
  expect(dumpWithoutBookkeeping(found)).toEqual(dumpWithoutBookkeeping(wanted));
}
