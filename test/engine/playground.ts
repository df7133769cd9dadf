import postgres from "postgres";
import { onTestFinished } from "vitest";
import type {
  ApplyMigrationReport,
  ApplyMigrationRequest,
  CallContext,
  EngineSettings,
} from "../../src/engine/index.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase } from "../support/test-database.ts";

/** A project on a fresh database of a real server, with a superuser's connections beside it. Cleared up when the test ends. */
export interface Playground extends TestProject {
  readonly url: string;
  readonly sql: postgres.Sql;
  readonly apply: (request?: ApplyMigrationRequest, call?: CallContext) => Promise<ApplyMigrationReport>;
  /** What the Supabase CLI's table records, in the order of versions. */
  readonly entries: () => Promise<readonly Entry[]>;
  /** Our own rows of migrations, in the order they were begun. */
  readonly runs: () => Promise<readonly postgres.Row[]>;
  /** Tables and indexes in `public`, by name. */
  readonly relations: () => Promise<readonly string[]>;
}

export interface Entry {
  readonly version: string;
  readonly name: string | null;
  readonly statements: readonly string[] | null;
}

interface PlaygroundOptions {
  /** Migration files: SQL by file name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Partial<EngineSettings>;
  readonly major?: PostgresMajor;
  /** Run before the engine's first call, in one text. */
  readonly before?: string;
  /** The address that the engine gets, made from the database's own. */
  readonly engineUrl?: (url: string) => string;
}

export async function createPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const database = await createDatabase(options.major === undefined ? {} : { major: options.major });
  const sql = connect(database.url);
  if (options.before !== undefined) await sql.unsafe(options.before).simple();
  const project = await createProject({
    url: options.engineUrl?.(database.url) ?? database.url,
    files: { "supabase/config.toml": "", ...inFolder(options.files ?? {}) },
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  });
  onTestFinished(async () => {
    await project.remove();
    await sql.end({ timeout: 1 });
    await database.drop();
  });
  return {
    ...project,
    write: (files) => project.write(inFolder(files)),
    url: database.url,
    sql,
    apply: (request = {}, call = {}) => project.engine.applyMigration(request, call),
    entries: () =>
      rowsOf(sql, "select version, name, statements from supabase_migrations.schema_migrations order by 1"),
    runs: () =>
      rowsOf(sql, "select * from supabase_migrations.migration_history where kind = 'migration' order by id"),
    relations: async () =>
      (
        await sql<{ relname: string }[]>`
          select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'i') order by 1`
      ).map((row) => row.relname),
  };
}

export function connect(url: string, options: postgres.Options<Record<string, never>> = {}): postgres.Sql {
  return postgres(url, { onnotice: () => undefined, ...options });
}

async function rowsOf<T>(sql: postgres.Sql, text: string): Promise<readonly T[]> {
  return Array.from(await sql.unsafe(text)) as readonly T[];
}

export function inFolder(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([fileName, text]) => [`supabase/migrations/${fileName}`, text]),
  );
}

/** Asks again and again until the answer is there; fails after five seconds. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>, what: string): Promise<T> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Not seen within 5 s: ${what}.`);
    await pause(20);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The code with which a promise rejects, or what it resolved to. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ resolved: value }),
    (error: unknown) =>
      typeof error === "object" && error !== null && "code" in error ? error.code : { fault: error },
  );
}
