import { sql, userStatement } from "../database/sql.ts";
import { EngineError } from "../errors.ts";
import { createEntryTable, insertDoneRun, lockEntryTable } from "../history/queries.ts";
import type { OwnMigration } from "../history/own-migrations.ts";
import { insertEntryOf } from "../history/record.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import type { Query } from "../ports.ts";
import { setAsideRunTable } from "./set-aside-table.ts";
import { historyLockKey, type Limits } from "./transaction.ts";

/** SQLSTATEs of our own with which a script ends itself before it has changed anything. */
export const scriptEnds = {
  /** The service ran the statements in several transactions. */
  split: "GW001",
  /** Another session writes to the history. */
  held: "GW002",
  /** This run was given up, because its answer did not come. */
  givenUp: "GW003",
  /** The history is not as it was read. */
  changed: "GW004",
} as const;

/** What the guard against several transactions ends with. */
export function splitError(): EngineError {
  return new EngineError(
    "needs_session",
    "The Management API ran the statements in several transactions; nothing of them was kept.",
  );
}

/** One migration as the history will know it. */
export interface BatchRun {
  readonly migration: PlannedMigration;
  readonly runId: string;
  readonly appliedBy: string;
  readonly isHostedShape: boolean;
  readonly limits: Limits;
  /** What `historyMark` answered when the history was judged. */
  readonly mark: string;
  /** The role that requests begin with. */
  readonly role: string;
}

/** A script and where the migration's own statements stand in it. */
export interface BatchScript {
  readonly statements: readonly Query[];
  readonly executable: readonly PlannedStatement[];
  /** Position in `statements` of the first of them. */
  readonly firstOwn: number;
}

/**
 * A whole migration as one script: guards under the history's lock, its statements, and both history rows. It has neither BEGIN nor
 * COMMIT: statements of one request are one transaction, and an error then leaves no connection of the service in a failed one.
 */
export function migrationScript(run: BatchRun): BatchScript {
  const { migration } = run;
  const executable = migration.statements.filter(({ isExecutable }) => isExecutable);
  const before = [...openScript(run.limits), guardRun(run)];
  return {
    firstOwn: before.length,
    executable,
    statements: [
      ...before,
      ...executable.map(({ text }) => userStatement(text)),
      sql`set constraints all immediate`,
      sql`reset session authorization`,
      sql`reset all`,
      sql`select set_config('role', ${run.role}, false)`,
      insertDoneRun({
        kind: "migration",
        version: migration.version,
        name: migration.name,
        checksum: migration.checksum,
        runId: run.runId,
        appliedBy: run.appliedBy,
        rollbackSql: migration.rollbackSql ?? null,
      }),
      insertEntryOf(migration, run),
      sql`select 'recorded' as outcome`,
    ],
  };
}

/** Makes what is missing of the two tables. */
export function tablesScript(order: {
  readonly hasEntryTable: boolean;
  /** Whether another program's table of the name of ours is renamed first. */
  readonly setsAside: boolean;
  readonly pending: readonly OwnMigration[];
  readonly runId: string;
}): readonly Query[] {
  return [
    // The Supabase CLI waits as long for the same tables.
    ...openScript({ lockTimeoutMs: 4000, statementTimeoutMs: 60_000 }),
    guard(sql`${checkWhole} ${takeLock}`),
    ...(order.setsAside ? [setAsideRunTable] : []),
    ...(order.hasEntryTable ? [] : createEntryTable),
    ...order.pending.flatMap((migration) => [
      ...migration.statements.map(userStatement),
      insertDoneRun({
        ...migration,
        kind: "bookkeeping",
        runId: order.runId,
        appliedBy: "godwit",
        rollbackSql: migration.rollbackSql ?? null,
      }),
    ]),
    sql`select 'made' as outcome`,
  ];
}

/**
 * Settles a run whose answer was lost, once nobody holds the history: it was recorded, or else it is marked as given up, which keeps a
 * script that comes late from running. Answers `outcome`: `committed`, `rolled_back` or `in_progress`.
 */
export function settleScript(lost: {
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  readonly runId: string;
  readonly appliedBy: string;
}): readonly Query[] {
  const { version, runId } = lost;
  const run = sql`from supabase_migrations.migration_history where version = ${version} and run_id = ${runId}::uuid`;
  return [
    ...openScript({ lockTimeoutMs: 4000, statementTimeoutMs: 60_000 }),
    sql`select set_config('godwit.locked', pg_try_advisory_xact_lock(${historyLockKey})::text, true)`,
    sql`
      insert into supabase_migrations.migration_history
        (kind, phase_number, phase_name, status, started_at, completed_at, error_message, version, checksum, run_id, applied_by)
      select 'migration', ${version}, ${lost.name}, 'error', now(), clock_timestamp(),
        'Given up: its answer was lost, and nothing of it was recorded', ${version}, ${lost.checksum}, ${runId}::uuid, ${lost.appliedBy}
      where current_setting('godwit.locked') = 'true' and not exists (select ${run})`,
    sql`
      select case
        when current_setting('godwit.locked') <> 'true' then 'in_progress'
        when exists (select ${run} and status = 'completed') then 'committed'
        else 'rolled_back'
      end as outcome`,
  ];
}

/** What the history records now, as one text that changes with it, as far as it decides about this version. */
export function historyMark(version: string): Query {
  return sql`
    md5(
      coalesce((
        select string_agg(m.version, ',' order by m.version collate "C") from supabase_migrations.schema_migrations m
      ), '') || '|' || coalesce((
        select string_agg(concat_ws(':', r.id, r.status, jsonb_array_length(r.statement_results)), ',' order by r.id)
        from supabase_migrations.migration_history r
        where r.version = ${version} and r.kind = 'migration'
      ), '')
    )`;
}

/** A later statement sees what was committed before it, and each statement can tell that all are one transaction. */
export function openScript({ lockTimeoutMs, statementTimeoutMs }: Limits): readonly Query[] {
  return [
    sql`set transaction isolation level read committed`,
    sql`
      select
        set_config('lock_timeout', ${String(lockTimeoutMs)}, true),
        set_config('statement_timeout', ${String(statementTimeoutMs)}, true),
        set_config('godwit.xid', pg_current_xact_id()::text, true)`,
  ];
}

function guardRun({ migration: { version }, runId, mark }: BatchRun): Query {
  return guard(sql`
    ${checkWhole}
    ${takeLock}
    ${lockEntryTable};
    if exists (
      select from supabase_migrations.migration_history where version = ${version} and run_id = ${runId}::uuid
    ) then
      raise exception 'this run was given up before it began' using errcode = ${scriptEnds.givenUp};
    end if;
    if ${historyMark(version)} <> ${mark} then
      raise exception 'the history has changed meanwhile' using errcode = ${scriptEnds.changed};
    end if;`);
}

/** A statement that may end the script before it has changed anything. */
export function guard(body: Query): Query {
  return sql`do $godwit_guard$ begin ${body} end $godwit_guard$`;
}

/** Ends a script that the service runs in several transactions. */
export const checkWhole = sql`
  if current_setting('godwit.xid', true) is distinct from pg_current_xact_id()::text then
    raise exception 'the statements did not run in one transaction' using errcode = ${scriptEnds.split};
  end if;`;

/** Takes the history's lock, or ends the script. */
export const takeLock = sql`
  if not pg_try_advisory_xact_lock(${historyLockKey}) then
    raise exception 'another session writes to the history' using errcode = ${scriptEnds.held};
  end if;`;
