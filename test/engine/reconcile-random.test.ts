import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine, type EngineEvent } from "../../src/engine/index.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { connect } from "./playground.ts";
import { randomProject, seeded, type RandomProject } from "./random-project.ts";
import { bundleScript } from "./runner-process.ts";

/** More states on request: `GODWIT_RANDOM_STATES=1000 npx vitest run test/engine/reconcile-random.test.ts`. */
const states = Number(process.env["GODWIT_RANDOM_STATES"] ?? 8);
const kills = Math.ceil(states / 2);
const firstSeed = Number(process.env["GODWIT_RANDOM_SEED"] ?? 1);

describe("on random states of folder and history", { timeout: 60_000 + states * 10_000 }, () => {
  let server: TestDatabase;
  let sql: postgres.Sql;
  let projectDir: string;
  let runner: Awaited<ReturnType<typeof bundleScript>>;

  beforeAll(async () => {
    server = await createDatabase();
    sql = connect(server.url, { max: 1 });
    projectDir = await mkdtemp(path.join(tmpdir(), "godwit-random-"));
    runner = await bundleScript("reconcile-runner.ts");
  });

  afterAll(async () => {
    await sql.end();
    await server.drop();
    await runner.remove();
    await rm(projectDir, { recursive: true, force: true });
  });

  async function lay({ files, rows }: RandomProject): Promise<void> {
    await rm(projectDir, { recursive: true, force: true });
    for (const [name, text] of Object.entries(files)) {
      const location = path.join(projectDir, "migrations", name);
      await mkdir(path.dirname(location), { recursive: true });
      await writeFile(location, text);
    }
    await mkdir(path.join(projectDir, "migrations"), { recursive: true });
    await sql`drop schema if exists supabase_migrations cascade`;
    await sql`create schema supabase_migrations`;
    await sql`create table supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text)`;
    for (const { version, name, statements } of rows) {
      await sql`
        insert into supabase_migrations.schema_migrations (version, name, statements)
        values (${version}, ${name}, ${statements === null ? null : sql.array([...statements], 1009)})`;
    }
  }

  async function readTexts(): Promise<readonly string[]> {
    const found = await readdir(projectDir, { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile() && !/manifest\.json$|SUMMARY\.md$/.test(entry.name));
    const texts = await Promise.all(
      files.map((entry) => readFile(path.join(entry.parentPath, entry.name), "latin1")),
    );
    return texts.toSorted();
  }

  async function readRows(): Promise<readonly string[]> {
    const rows =
      await sql`select to_jsonb(m)::text as row from supabase_migrations.schema_migrations m order by 1`;
    return rows.map((row) => String(row["row"]));
  }

  async function readArchivedRows(): Promise<readonly string[]> {
    const [there] = await sql`select to_regclass('supabase_migrations.migration_history_archive') as name`;
    if (there?.["name"] === null) return [];
    const rows = await sql`select old_row::text as row from supabase_migrations.migration_history_archive`;
    return rows.map((row) => String(row["row"]));
  }

  async function withEngine<T>(
    observe: (event: EngineEvent) => void,
    use: (engine: Engine) => Promise<T>,
  ): Promise<T> {
    const engine = createEngine({
      target: { kind: "postgres", url: server.url },
      projectDir,
      readOnly: false,
      lockTimeoutMs: 500,
      lockWaitMs: 30_000,
      statementTimeoutMs: 5_000,
      queryTimeoutMs: 5_000,
      observe,
    });
    try {
      return await use(engine);
    } finally {
      await engine.close();
    }
  }

  /** Gives everything a real version first, as far as its name says which. */
  async function convertNames(): Promise<void> {
    const actions = ["convert_names"];
    await withEngine(
      () => undefined,
      async (engine) => {
        const { status, plan_id: confirm = "" } = await engine.reconcileHistory({ actions }, {});
        if (status === "planned") await engine.reconcileHistory({ actions, confirm }, {});
      },
    );
  }

  /** Carries out what the database says until nothing is left to do; drift that is left is an error. */
  async function settleAll(seed: number): Promise<void> {
    await withEngine(
      () => undefined,
      async (engine) => {
        for (let round = 1; ; round += 1) {
          const plan = await engine.reconcileHistory({ truth: "database" }, { answerSize: "whole" });
          if (plan.status === "nothing_to_do") break;
          expect(round, `seed ${seed} goes on and on: ${JSON.stringify(plan.steps)}`).toBeLessThan(4);
          await engine.reconcileHistory({ truth: "database", confirm: plan.plan_id ?? "" }, {});
        }
        const left = await engine.reconcileHistory({}, {});
        const { drift } = await engine.detectDrift({ schema: false }, { answerSize: "whole" });
        const asked = (left.choices ?? []).reduce((sum, { count }) => sum + count, 0);
        expect(drift.length, `seed ${seed}: ${JSON.stringify(drift)}`).toBe(asked);
      },
    );
  }

  async function expectNothingLost(
    seed: number,
    before: { readonly texts: readonly string[]; readonly rows: readonly string[] },
  ): Promise<void> {
    const texts = await readTexts();
    const rows = [...(await readRows()), ...(await readArchivedRows())];
    expect(
      before.texts.filter((text) => !texts.includes(text)),
      `files of seed ${seed}`,
    ).toEqual([]);
    expect(
      before.rows.filter((row) => !rows.includes(row)),
      `rows of seed ${seed}`,
    ).toEqual([]);
  }

  test("a failure at any step changes nothing, and the plan carried out then loses nothing and leaves no drift", async () => {
    for (let seed = firstSeed; seed < firstSeed + states; seed += 1) {
      const random = seeded(seed);
      await lay(randomProject(random));
      const before = { texts: await readTexts(), rows: await readRows() };
      const failAt = 1 + Math.floor(random() * 12);
      let step = 0;
      const failed = await withEngine(
        ({ kind }) => {
          if (kind === "change_step" && (step += 1) === failAt) throw new Error("fails here");
        },
        async (engine) => {
          const plan = await engine.reconcileHistory({ truth: "database" }, {});
          if (plan.plan_id === undefined) return false;
          return engine.reconcileHistory({ truth: "database", confirm: plan.plan_id }, {}).then(
            () => false,
            () => true,
          );
        },
      );
      if (failed)
        expect({ texts: await readTexts(), rows: await readRows() }, `seed ${seed}`).toEqual(before);
      if (seed % 2 === 0) await convertNames();
      await settleAll(seed);
      await expectNothingLost(seed, before);
    }
  });

  test("a process killed at any step leaves what the next call finishes or undoes", async () => {
    const outcomes = new Set<string>();
    for (let seed = firstSeed; seed < firstSeed + kills; seed += 1) {
      const random = seeded(seed + 10_000);
      await lay(randomProject(random));
      const before = { texts: await readTexts(), rows: await readRows() };
      const killAt = 1 + Math.floor(random() * 14);
      const run = promisify(execFile)(process.execPath, [
        runner.script,
        server.url,
        projectDir,
        String(killAt),
      ]);
      await run.then(
        () => outcomes.add("done"),
        (error: unknown) => {
          // Any other end than the kill is a fault of the runner, which would leave nothing to recover.
          expect(error, `seed ${seed}`).toMatchObject({ signal: "SIGKILL" });
          outcomes.add("killed");
        },
      );
      await withEngine(
        ({ kind }) => void (kind === "change_recovered" && outcomes.add("recovered")),
        (engine) => engine.reconcileHistory({}, {}),
      );
      await expectNothingLost(seed, before);
      const journals = await readdir(path.join(projectDir, "migrations", "archive")).catch(() => []);
      expect(journals.filter((name) => name.startsWith(".godwit"))).toEqual([]);
      await settleAll(seed);
      await expectNothingLost(seed, before);
    }
    expect(outcomes).toContain("recovered");
  });
});
