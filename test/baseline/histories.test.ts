import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readOracle } from "../drift/catalog-oracle.ts";
import { catalogOracleFile } from "../drift/schema-pairs.ts";
import { applyHistory } from "../histories/apply-history.ts";
import { readHistories, type RealHistory } from "../histories/real-histories.ts";
import { expectAgreement } from "../interop/after-baseline.ts";
import { findCli } from "../interop/supabase-cli.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { whole } from "./meeting.ts";
import { runRecorded, withoutBookkeeping } from "./run-recorded.ts";

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

  it.each(histories.map((history) => [history.name, history] as const))(
    "%s proves itself, leaves no drift, agrees with the Supabase CLI and builds an empty project",
    async (_name, history) => {
      const [live, empty] = [await createSupabaseDatabase(), await createSupabaseDatabase()];
      try {
        const { project } = await applyHistory(history, { url: live.url });
        try {
          const planned = await project.engine.createBaseline({}, whole);
          expect(planned.failures ?? []).toEqual([]);
          expect(planned.differences ?? []).toEqual([]);
          expect(planned).toMatchObject({ status: "planned", proved: true });
          const done = await project.engine.createBaseline({ confirm: planned.plan_id ?? "" }, whole);
          expect(done.status).toBe("done");
          const drift = await project.engine.detectDrift({ schema: true }, whole);
          expect(drift.drift).toEqual([]);
          expect(drift.has_drift).toBe(false);
          if (cli !== undefined) {
            await project.write({ "supabase/config.toml": 'project_id = "history"\n' });
            await expectAgreement(cli, project, live);
          }
          await runRecorded(live.url, empty.url);
          const [wanted, built] = [await readOracle(live.url), await readOracle(empty.url)];
          expect(withoutBookkeeping(built)).toEqual(withoutBookkeeping(wanted));
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
