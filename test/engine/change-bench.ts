import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { sql } from "../../src/engine/database/sql.ts";
import { ensureHistory } from "../../src/engine/execute/ensure-history.ts";
import { recoverChanges, type RecoveredChange } from "../../src/engine/execute/recover-changes.ts";
import { runHistoryChange, type HistoryChangeContext } from "../../src/engine/execute/run-history-change.ts";
import { openFolder } from "../../src/engine/files/migration-folder.ts";
import { readOwnMigrations } from "../../src/engine/history/own-migrations.ts";
import { readHistory } from "../../src/engine/history/read-history.ts";
import type { HistoryChangePlan } from "../../src/engine/model/history-change.ts";
import { digestFiles, historyChangeId } from "../../src/engine/plan/history-change-id.ts";
import { digestHistory } from "../../src/engine/plan/plan-id.ts";
import type { Clock, MigrationFolder } from "../../src/engine/ports.ts";

/** Thrown where a test pretends that the process was killed. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** Everything that a change may touch: files by path with their bytes, rows as JSON in order. */
export interface State {
  readonly files: Readonly<Record<string, string>>;
  readonly rows: readonly string[];
}

/** One folder and one database on which changes are carried out, cut off and recovered. */
export async function openChangeBench(target: Parameters<typeof openDatabase>[0]) {
  const database = await openDatabase(target);
  const projectDir = await mkdtemp(path.join(tmpdir(), "godwit-change-"));
  const dir = path.join(projectDir, "migrations");
  const clock: Clock = {
    now: () => new Date("2026-11-23T01:02:03Z"),
    monotonicMs: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  const folder = openFolder({ dir, projectDir, clock });
  let runs = 0;

  function context(changed: Partial<HistoryChangeContext>): HistoryChangeContext {
    const blockers = {
      describe: async () => [],
      watch: async <T>(_pid: number, run: () => Promise<T>) => run(),
    };
    const observe = () => undefined;
    runs += 1;
    return {
      database,
      folder,
      clock,
      observe,
      blockers,
      limits: { lockTimeoutMs: 500, statementTimeoutMs: 5_000 },
      lockWait: {
        clock,
        observe,
        random: () => 0,
        lockWaitMs: 5_000,
        signal: undefined,
        describeBlockers: async () => [],
      },
      signal: undefined,
      runId: `00000000-0000-4000-8000-${String(runs).padStart(12, "0")}`,
      appliedBy: "test",
      isHostedShape: false,
      ...changed,
    };
  }

  /** Replaces folder and history by these. */
  async function reset(state: {
    readonly files: Readonly<Record<string, string>>;
    readonly rows: readonly { readonly version: string; readonly name: string; readonly sql: string }[];
  }): Promise<void> {
    await rm(projectDir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    for (const [name, text] of Object.entries(state.files)) {
      await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
      await writeFile(path.join(dir, name), text);
    }
    const ownMigrations = await readOwnMigrations();
    await database.withSession(async (session) => {
      await session.run(sql`drop schema if exists supabase_migrations cascade`);
      const { lockWait, observe, runId } = context({});
      await ensureHistory({ session, lockWait, observe, runId, ownMigrations, foreignTable: "refuse" });
      for (const row of state.rows) {
        await session.run(sql`
          insert into supabase_migrations.schema_migrations (version, name, statements)
          values (${row.version}, ${row.name}, ${[row.sql]}::text[])`);
      }
    });
  }

  async function readState(): Promise<State> {
    const names = await readdir(dir, { recursive: true, withFileTypes: true });
    const files: Record<string, string> = {};
    for (const entry of names.filter((found) => found.isFile())) {
      const location = path.join(entry.parentPath, entry.name);
      files[path.relative(dir, location)] = await readFile(location, "utf8");
    }
    const { rows } = await database.withSession((session) =>
      session.run(sql`
        select to_jsonb(m)::text as row
        from supabase_migrations.schema_migrations m
        order by m.version`),
    );
    return { files, rows: rows.map((row) => String(row["row"])) };
  }

  async function archivedRows(): Promise<readonly string[]> {
    const { rows } = await database.withSession((session) =>
      session.run(sql`
        select old_row::text as row
        from supabase_migrations.migration_history_archive
        where source = 'schema_migrations'`),
    );
    return rows.map((row) => String(row["row"]));
  }

  async function planFor(
    steps: Pick<HistoryChangePlan, "files" | "rows">,
    purpose: HistoryChangePlan["purpose"] = "reconcile",
  ): Promise<HistoryChangePlan> {
    const history = await database.withSession(readHistory);
    const plan = {
      purpose,
      target: database.target.id,
      expectsHistory: digestHistory(history),
      expectsFiles: digestFiles((await folder.read()).files),
      ...steps,
    };
    return { formatVersion: 1, id: historyChangeId(plan), ...plan, summary: "## What was changed\n" };
  }

  /** Carries the plan out in a process that is killed before the given step, counted over files, commit and clearing up. */
  async function runKilledAt(plan: HistoryChangePlan, step: number): Promise<"done" | "killed"> {
    const state = { isDead: false };
    const mortal =
      <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
      (...args: A): Promise<R> =>
        state.isDead ? Promise.reject(new Killed()) : work(...args);
    let seen = 0;
    const die = () => {
      state.isDead = true;
      throw new Killed();
    };
    const killable: MigrationFolder = {
      ...folder,
      undoChanges: mortal(folder.undoChanges),
      keepChanges: mortal(async (runId: string) => {
        seen += 1;
        if (seen === step) die();
        return folder.keepChanges(runId);
      }),
    };
    const observe: HistoryChangeContext["observe"] = ({ kind }) => {
      if (kind !== "change_step") return;
      seen += 1;
      if (seen === step) die();
    };
    try {
      await runHistoryChange(context({ folder: killable, observe }), plan);
      return "done";
    } catch (error) {
      if (error instanceof Killed) return "killed";
      throw error;
    }
  }

  return {
    database,
    dir,
    folder,
    reset,
    readState,
    archivedRows,
    planFor,
    runKilledAt,
    run: (plan: HistoryChangePlan) => runHistoryChange(context({}), plan),
    recover: (): Promise<readonly RecoveredChange[]> => recoverChanges(context({})),
    close: async () => {
      await database.close();
      await rm(projectDir, { recursive: true, force: true });
    },
  };
}

export type ChangeBench = Awaited<ReturnType<typeof openChangeBench>>;
