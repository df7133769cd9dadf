import { cp, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { splitStatements } from "../../src/engine/sql/split.ts";
import { historiesDir } from "../histories/real-histories.ts";
import { runnableStatements } from "../histories/mend-by-hand.ts";
import type { ServerName } from "../support/postgres-binaries.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase, createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

/** A real project between two states of its folder. */
export interface RealSquash {
  readonly history: string;
  /** The folder below the migrations that keeps what was replaced, and whose versions the database records. */
  readonly archive: string;
  /** What made the live schema: the files in the archive, or these of the folder, which were dumped from it. */
  readonly madeBy: "archive" | readonly string[];
  readonly server?: ServerName;
  /** PGlite has no PostGIS: a server with it is its own shadow where nothing else is said. */
  readonly shadow?: "embedded";
}

/** The folder as it is after the squash, on a database that is as it was before it. */
export interface SquashedProject {
  readonly project: TestProject;
  readonly database: TestDatabase;
  readonly sql: postgres.Sql;
  /** The versions that the history records. */
  readonly recorded: readonly string[];
  /** Files that did not run whole and whose other statements were run by hand. */
  readonly mended: readonly string[];
  /** Files in the archive, by their path in the folder. */
  readonly archived: readonly string[];
  readonly close: () => Promise<void>;
}

const folder = "supabase/migrations";

/** A live project as its team has it, its history as the Supabase CLI records it. */
export async function meetSquashed(squash: RealSquash): Promise<SquashedProject> {
  const { server: major = 17, madeBy } = squash;
  const source = path.join(historiesDir, squash.history, "migrations");
  const archived = (await readdir(path.join(source, squash.archive))).filter((name) => name.endsWith(".sql"));
  const archive = archived.toSorted().map((name) => path.join(source, squash.archive, name));
  const made = madeBy === "archive" ? archive : madeBy.map((name) => path.join(source, name));
  const database = await createSupabaseDatabase({ major });
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const mended = await runFiles(sql, made);
  const recorded = await recordAsCli(sql, archive);
  const isOnServer = major === "15 with PostGIS" && squash.shadow === undefined;
  const shadow = isOnServer ? await createDatabase({ major }) : undefined;
  const project = await createProject({
    url: database.url,
    files: { "supabase/config.toml": 'project_id = "squash"\n' },
    ...(shadow === undefined ? {} : { settings: { shadowUrl: shadow.url } }),
  });
  await cp(source, path.join(project.dir, folder), { recursive: true });
  const close = async () => {
    await sql.end({ timeout: 1 });
    await project.remove();
    await database.drop();
    await shadow?.drop();
  };
  return {
    project,
    database,
    sql,
    recorded,
    mended,
    archived: archived.map((name) => path.join(squash.archive, name)),
    close,
  };
}

/** Runs each file as one message; of one that fails whatever runs by itself, as its authors will have run it in the dashboard. */
async function runFiles(sql: postgres.Sql, files: readonly string[]): Promise<readonly string[]> {
  const mended: string[] = [];
  for (const file of files) {
    const text = (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
    await sql.unsafe("reset all").simple();
    const isWhole = await sql
      .unsafe(text)
      .simple()
      .then(
        () => true,
        () => false,
      );
    if (isWhole) continue;
    mended.push(path.basename(file));
    await sql.unsafe("rollback").simple();
    for (const statement of runnableStatements(text))
      await sql
        .unsafe(statement)
        .simple()
        .catch(() => undefined);
  }
  await sql.unsafe("discard all").simple();
  return mended;
}

/** Puts the files' versions into a history that knows nothing else; of files that share a version the first. */
async function recordAsCli(sql: postgres.Sql, files: readonly string[]): Promise<readonly string[]> {
  await sql
    .unsafe(
      `drop schema if exists supabase_migrations cascade;
      create schema supabase_migrations;
      create table supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text);`,
    )
    .simple();
  const recorded = new Set<string>();
  for (const file of files) {
    const [, version = "", name = ""] = /^([0-9]+)_(.*)\.sql$/.exec(path.basename(file)) ?? [];
    if (version === "" || recorded.has(version)) continue;
    recorded.add(version);
    const statements = splitStatements(await readFile(file, "utf8")).map(({ text }) => text);
    await sql`insert into supabase_migrations.schema_migrations values (${version}, ${statements}, ${name})`;
  }
  return [...recorded];
}
