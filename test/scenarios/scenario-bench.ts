import { cp, mkdtemp, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type { Engine } from "../../src/engine/index.ts";
import { splitStatements } from "../../src/engine/sql/split.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";

/** One database on which scenarios are set up one after the other. */
export interface ScenarioBench {
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  /** Gives the scenario's folder in a project of its own, and its history in the database. */
  readonly on: (name: string, use: (engine: Engine, dir: string) => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openScenarioBench(kind: "embedded" | "Postgres 17"): Promise<ScenarioBench> {
  const server = kind === "embedded" ? undefined : await createSupabaseDatabase();
  const target =
    server === undefined
      ? ({ kind: "embedded", dataDir: "memory" } as const)
      : ({ kind: "postgres", url: server.url } as const);
  const database = await openDatabase(target);
  return {
    database,
    close: async () => {
      await database.close();
      await server?.drop();
    },
    on: async (name, use) => {
      const projectDir = await mkdtemp(path.join(tmpdir(), "godwit-scenario-"));
      const settings = {
        target,
        projectDir,
        readOnly: false,
        lockTimeoutMs: 500,
        lockWaitMs: 1_000,
        statementTimeoutMs: 5_000,
        queryTimeoutMs: 5_000,
        observe: () => undefined,
      };
      const engine = createEngineOn(settings, async () => database);
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
