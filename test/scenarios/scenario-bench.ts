import { cp, mkdtemp, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openManagement } from "../../src/engine/database/management/open-management.ts";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type { Engine } from "../../src/engine/index.ts";
import type { Database, SessionDatabase } from "../../src/engine/ports.ts";
import { splitStatements } from "../../src/engine/sql/split.ts";
import { fakeRef, fakeToken, startManagementFake } from "../support/management-fake.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";

/** How the engine reaches the database of a bench. */
export const scenarioKinds = ["embedded", "Postgres 17", "Management API"] as const;
export type ScenarioKind = (typeof scenarioKinds)[number];

/** One database on which scenarios are set up one after the other. */
export interface ScenarioBench {
  /** With sessions, whichever way the engine has. */
  readonly database: SessionDatabase;
  /** Gives the scenario's folder in a project of its own, and its history in the database. */
  readonly on: (name: string, use: (engine: Engine, dir: string) => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openScenarioBench(
  kind: ScenarioKind,
  { readOnly }: { readonly readOnly: boolean } = { readOnly: false },
): Promise<ScenarioBench> {
  const { database, reached, close } = await openBoth(kind, readOnly);
  return {
    database,
    close,
    on: async (name, use) => {
      const projectDir = await mkdtemp(path.join(tmpdir(), "godwit-scenario-"));
      const settings = {
        projectDir,
        readOnly,
        lockTimeoutMs: 500,
        lockWaitMs: 1_000,
        statementTimeoutMs: 5_000,
        queryTimeoutMs: 5_000,
        observe: () => undefined,
      };
      const engine = createEngineOn(settings, async () => reached);
      const dir = path.join(projectDir, "migrations");
      try {
        await cp(path.join(import.meta.dirname, name, "folder"), dir, { recursive: true });
        await database.withSession(async (session) => {
          await session.run(sql`drop schema if exists supabase_migrations cascade`);
          const history = readFileSync(path.join(import.meta.dirname, name, "history.sql"), "utf8");
          for (const { text } of splitStatements(history)) await session.run(userStatement(text));
        });
        await use(engine, dir);
      } finally {
        await rm(projectDir, { recursive: true, force: true });
      }
    },
  };
}

interface Both {
  readonly database: SessionDatabase;
  /** As the engine has it. */
  readonly reached: Database;
  readonly close: () => Promise<void>;
}

async function openBoth(kind: ScenarioKind, isReadOnly: boolean): Promise<Both> {
  if (kind === "embedded") {
    const database = await openDatabase({ kind: "embedded", dataDir: "memory" });
    return { database, reached: database, close: database.close };
  }
  const server = await createSupabaseDatabase();
  const database = await openDatabase({ kind: "postgres", url: server.url });
  const close = async (): Promise<void> => {
    await database.close();
    await server.drop();
  };
  if (kind === "Postgres 17") return { database, reached: database, close };
  const fake = await startManagementFake({ databaseUrl: server.url, requestsPerMinute: 10_000 });
  const reached = openManagement(
    { projectRef: fakeRef, accessToken: fakeToken, apiUrl: fake.url, isReadOnly },
    { monotonicMs: () => performance.now(), sleep: () => Promise.resolve() },
  );
  return {
    database,
    reached,
    close: async () => {
      await fake.close();
      await close();
    },
  };
}
