import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type { Engine, EngineEvent } from "../../src/engine/index.ts";
import type { Query, SessionDatabase } from "../../src/engine/ports.ts";
import { splitStatements } from "../../src/engine/sql/split.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import type { RandomProject } from "./random-project.ts";

/** Everything that no change may lose. */
export interface Kept {
  readonly texts: readonly string[];
  readonly rows: readonly string[];
}

/** A folder and a database in which random states are laid and changed, here or by processes that are killed. */
export interface RandomBench {
  readonly projectDir: string;
  /** The target, as another process is told it. */
  readonly target: string;
  readonly lay: (project: RandomProject) => Promise<void>;
  readonly read: () => Promise<Kept>;
  /** The rows of the archive table. */
  readonly archived: () => Promise<readonly string[]>;
  readonly withEngine: <T>(
    use: (engine: Engine) => Promise<T>,
    observe?: (event: EngineEvent) => void,
  ) => Promise<T>;
  /** Leaves the database to another process. */
  readonly letGo: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const tables: Readonly<Record<RandomProject["shape"], string>> = {
  CLI: "version text not null primary key, statements text[], name text",
  hosted:
    "version text not null primary key, statements text[], name text, created_by text, idempotency_key text unique, rollback text[]",
  "without key": "version text, statements text[], name text",
};

export async function openRandomBench(kind: "embedded" | "Postgres 17"): Promise<RandomBench> {
  const home = await mkdtemp(path.join(tmpdir(), "godwit-random-"));
  const projectDir = path.join(home, "project");
  const server: TestDatabase | undefined = kind === "embedded" ? undefined : await createDatabase();
  const target =
    server === undefined
      ? ({ kind: "embedded", dataDir: path.join(home, "data") } as const)
      : ({ kind: "postgres", url: server.url } as const);
  let opened: SessionDatabase | undefined;

  async function database(): Promise<SessionDatabase> {
    opened ??= await openDatabase(target);
    return opened;
  }

  async function letGo(): Promise<void> {
    await opened?.close();
    opened = undefined;
  }

  async function run(query: Query): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { rows } = await (await database()).withSession((session) => session.run(query));
    return rows;
  }

  async function readRows(table: string): Promise<readonly string[]> {
    const rows = await run(userStatement(`select to_jsonb(m)::text as row from ${table} m order by 1`));
    return rows.map((row) => String(row["row"]));
  }

  return {
    projectDir,
    target: JSON.stringify(target),
    letGo,
    lay: async (project) => {
      await layFolder(projectDir, project);
      const setup = `
        drop schema if exists supabase_migrations cascade;
        create schema supabase_migrations;
        create table supabase_migrations.schema_migrations (${tables[project.shape]});`;
      for (const { text } of splitStatements(setup)) await run(userStatement(text));
      for (const { version, name, statements } of project.rows) {
        await run(sql`
          insert into supabase_migrations.schema_migrations (version, name, statements)
          values (${version}, ${name}, ${statements}::text[])`);
      }
    },
    read: async () => ({
      texts: await readTexts(projectDir),
      rows: await readRows("supabase_migrations.schema_migrations"),
    }),
    archived: async () => {
      const there = await run(sql`
        select from pg_catalog.pg_tables
        where schemaname = 'supabase_migrations' and tablename = 'migration_history_archive'`);
      if (there.length === 0) return [];
      const rows = await run(sql`
        select old_row::text as row
        from supabase_migrations.migration_history_archive`);
      return rows.map((row) => String(row["row"]));
    },
    withEngine: async (use, observe = () => undefined) =>
      use(
        createEngineOn(
          {
            projectDir,
            readOnly: false,
            lockTimeoutMs: 500,
            lockWaitMs: 30_000,
            statementTimeoutMs: 5_000,
            queryTimeoutMs: 5_000,
            observe,
          },
          database,
        ),
      ),
    close: async () => {
      await letGo();
      await server?.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function layFolder(projectDir: string, { files, links }: RandomProject): Promise<void> {
  const dir = path.join(projectDir, "migrations");
  await rm(projectDir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const location = path.join(dir, name);
    await mkdir(path.dirname(location), { recursive: true });
    await writeFile(location, text);
  }
  for (const [name, to] of Object.entries(links)) {
    const location = path.join(dir, name);
    // Another state may have a file of that name by now.
    await symlink(to, location).catch(() => undefined);
  }
}

/** The texts of all files and links, but for what Godwit writes about them. */
async function readTexts(projectDir: string): Promise<readonly string[]> {
  const found = await readdir(projectDir, { recursive: true, withFileTypes: true });
  const kept = found.filter(({ name }) => !/manifest\.json$|SUMMARY\.md$/.test(name));
  const texts = await Promise.all(
    kept.flatMap((entry) => {
      const location = path.join(entry.parentPath, entry.name);
      if (entry.isFile()) return [readFile(location, "latin1")];
      return entry.isSymbolicLink() ? [readLinked(location)] : [];
    }),
  );
  return texts.toSorted();
}

/** A link is kept where its text is. */
async function readLinked(location: string): Promise<string> {
  return readFile(location, "latin1").catch(async () => `link to ${await readlink(location)}`);
}
