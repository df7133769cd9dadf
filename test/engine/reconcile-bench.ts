import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { userStatement } from "../../src/engine/database/sql.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type { Engine, ReconcileHistoryReport, ReconcileHistoryRequest } from "../../src/engine/index.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { splitStatements } from "../../src/engine/sql/split.ts";
import { createProject } from "../support/project.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";

/** The history as the Supabase CLI makes it, without rows. */
export const historyTable = `
  create schema if not exists supabase_migrations;
  create table supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text);`;

/** A project of its own, on a database that has nothing but what the test put there. */
export interface ReconcileBench {
  readonly engine: Engine;
  /** One more engine on the same folder and database, as another process has it. */
  readonly another: () => Engine;
  readonly dir: string;
  readonly run: (statements: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly files: () => Promise<readonly string[]>;
  /** Plans, confirms, and answers what was done. */
  readonly reconcile: (request?: ReconcileHistoryRequest) => Promise<ReconcileHistoryReport>;
  readonly states: () => Promise<Readonly<Record<string, number>>>;
}

/** Makes a database for the tests of a file; answers what opens a project on it, with these statements run and these files laid. */
export function useReconcileBench(): (
  setup: string,
  files: Readonly<Record<string, string>>,
) => Promise<ReconcileBench> {
  let server: TestDatabase;
  let database: SessionDatabase;

  beforeAll(async () => {
    server = await createDatabase();
    database = await openDatabase({ kind: "postgres", url: server.url });
  });

  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  return (setup, files) => openBench(database, setup, files);
}

async function openBench(
  database: SessionDatabase,
  setup: string,
  files: Readonly<Record<string, string>>,
): Promise<ReconcileBench> {
  const inFolder = Object.entries(files).map(([name, text]) => [`migrations/${name}`, text]);
  const project = await createProject({ files: Object.fromEntries(inFolder) });
  const another = () =>
    createEngineOn(
      {
        projectDir: project.dir,
        readOnly: false,
        lockTimeoutMs: 500,
        lockWaitMs: 10_000,
        statementTimeoutMs: 5_000,
        queryTimeoutMs: 5_000,
        observe: () => undefined,
      },
      async () => database,
    );
  const engine = another();
  onTestFinished(project.remove);
  const dir = path.join(project.dir, "migrations");
  const run = async (statements: string) =>
    database.withSession(async (session) => {
      let rows: readonly Readonly<Record<string, unknown>>[] = [];
      for (const { text } of splitStatements(statements))
        rows = (await session.run(userStatement(text))).rows;
      return rows;
    });
  await run(
    "drop schema if exists supabase_migrations cascade; drop schema public cascade; create schema public",
  );
  await run(setup);
  return {
    engine,
    another,
    dir,
    run,
    files: async () => (await readdir(dir)).toSorted(),
    reconcile: async (request = {}) => {
      const plan = await engine.reconcileHistory(request, {});
      return engine.reconcileHistory({ ...request, confirm: plan.plan_id ?? "" }, {});
    },
    states: async () => (await engine.detectDrift({ schema: false }, {})).counts,
  };
}
