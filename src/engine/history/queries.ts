import { sql } from "../database/sql.ts";
import type { Query } from "../ports.ts";

/** Which of the two tables exist, and the entry table's columns. */
export const tableShapes: Query = sql`
  select c.relname as table_name, a.attname as column_name
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid
  where n.nspname = 'supabase_migrations'
    and c.relname in ('schema_migrations', 'migration_history')
    and c.relkind in ('r', 'p')
    and a.attnum > 0
    and not a.attisdropped`;

/** Every entry, whatever columns the table has. */
export const allEntries: Query = sql`
  select 'entry' as kind, to_jsonb(m) as fields
  from supabase_migrations.schema_migrations m`;

/** Of a run: a version that was rolled back and is recorded again without a new run was applied by somebody else. */
const isNotUndone: Query = sql`
  not exists (
    select
    from supabase_migrations.migration_history u
    where u.kind = 'rollback' and u.version = r.version and u.id > r.id
  )`;

/** Every entry and every run of ours, in one statement so that both are of one moment. */
export const allEntriesAndRuns: Query = sql`
  select 'entry' as kind, to_jsonb(m) as fields
  from supabase_migrations.schema_migrations m
  union all
  select 'run', to_jsonb(r) - 'rollback_details'
  from supabase_migrations.migration_history r
  where r.kind = 'migration' and ${isNotUndone}`;

/** Every recorded version, the entry of one, and that one's newest run. */
export function recordedNow(version: string): Query {
  return sql`
    select
      (select coalesce(jsonb_agg(m.version), '[]') from supabase_migrations.schema_migrations m) as versions,
      (
        select jsonb_build_object('statements', m.statements)
        from supabase_migrations.schema_migrations m
        where m.version = ${version}
      ) as entry,
      (
        select jsonb_build_object(
          'id', r.id, 'status', r.status, 'results', jsonb_array_length(r.statement_results)
        )
        from supabase_migrations.migration_history r
        where r.version = ${version} and r.kind = 'migration' and ${isNotUndone}
        order by r.id desc
        limit 1
      ) as run`;
}

/** The Supabase CLI's own provisioning, statement by statement (supabase-cli 3.1.0). */
export const createEntryTable: readonly Query[] = [
  sql`create schema if not exists supabase_migrations`,
  sql`create table if not exists supabase_migrations.schema_migrations (version text not null primary key)`,
  sql`alter table supabase_migrations.schema_migrations add column if not exists statements text[]`,
  sql`alter table supabase_migrations.schema_migrations add column if not exists name text`,
];

/** Holds off every other writer of the history, the Supabase CLI included, until the transaction ends. */
export const lockEntryTable: Query = sql`
  lock table supabase_migrations.schema_migrations in share row exclusive mode`;

/** Which of our own tables' migrations have run. */
export const appliedBookkeeping: Query = sql`
  select version
  from supabase_migrations.migration_history
  where kind = 'bookkeeping'`;

export interface EntryRow {
  readonly version: string;
  readonly name: string;
  readonly statements: readonly string[];
}

export function insertEntry(row: EntryRow): Query {
  return sql`
    insert into supabase_migrations.schema_migrations (version, name, statements)
    values (${row.version}, ${row.name}, ${row.statements}::text[])`;
}

/** The same for the six columns that hosted projects have; `rollback` is left null where there is none. */
export function insertHostedEntry(
  row: EntryRow & {
    readonly createdBy: string;
    readonly idempotencyKey: string;
    readonly rollback: string | null;
  },
): Query {
  return sql`
    insert into supabase_migrations.schema_migrations
      (version, name, statements, created_by, idempotency_key, rollback)
    values (
      ${row.version}, ${row.name}, ${row.statements}::text[], ${row.createdBy}, ${row.idempotencyKey},
      case when ${row.rollback}::text is null then null else array[${row.rollback}::text] end
    )`;
}

export interface RunRow {
  readonly kind: "migration" | "bookkeeping";
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  readonly runId: string;
  readonly appliedBy: string;
  readonly rollbackSql: string | null;
}

/** Begins a run: its row is pending until `completeRun` or `failRun`. Answers the row's id. */
export function insertRun(row: RunRow): Query {
  return sql`
    insert into supabase_migrations.migration_history
      (kind, phase_number, phase_name, status, started_at, rollback_sql, version, checksum, run_id, applied_by)
    values (
      ${row.kind}, ${row.version}, ${row.name}, 'pending', now(), ${row.rollbackSql},
      ${row.version}, ${row.checksum}, ${row.runId}::uuid, ${row.appliedBy}
    )
    returning id`;
}

/** A run that began with its transaction and ends in it; how many rows it changed is not known. */
export function insertDoneRun(row: RunRow): Query {
  return sql`
    insert into supabase_migrations.migration_history
      (
        kind, phase_number, phase_name, status, started_at, completed_at, duration_ms, rollback_sql, version, checksum,
        run_id, applied_by
      )
    values (
      ${row.kind}, ${row.version}, ${row.name}, 'completed', now(), clock_timestamp(),
      (extract(epoch from clock_timestamp() - now()) * 1000)::integer, ${row.rollbackSql}, ${row.version},
      ${row.checksum}, ${row.runId}::uuid, ${row.appliedBy}
    )`;
}

/** Notes how far a run has come; `statementResults` is JSON. */
export function noteProgress(id: number, statementResults: string): Query {
  return sql`
    update supabase_migrations.migration_history
    set statement_results = ${statementResults}::jsonb
    where id = ${id}`;
}

export function completeRun(run: {
  readonly id: number;
  readonly rowsAffected: number;
  readonly durationMs: number;
  readonly statementResults: string;
}): Query {
  return sql`
    update supabase_migrations.migration_history
    set status = 'completed', completed_at = clock_timestamp(), error_message = null,
      rows_affected = ${run.rowsAffected}, duration_ms = ${run.durationMs},
      statement_results = ${run.statementResults}::jsonb
    where id = ${run.id}`;
}

/** Ends a run that failed; `statementResults` says what it has done and keeps. */
export function failRun(id: number, errorMessage: string, statementResults: string): Query {
  return sql`
    update supabase_migrations.migration_history
    set status = 'error', completed_at = clock_timestamp(), error_message = ${errorMessage},
      statement_results = ${statementResults}::jsonb
    where id = ${id}`;
}

/** Takes up an unfinished run again under a new run id. */
export function resumeRun(run: {
  readonly id: number;
  readonly runId: string;
  readonly checksum: string;
  readonly appliedBy: string;
}): Query {
  return sql`
    update supabase_migrations.migration_history
    set status = 'pending', completed_at = null, error_message = null, run_id = ${run.runId}::uuid,
      checksum = ${run.checksum}, applied_by = ${run.appliedBy}
    where id = ${run.id}`;
}

/** Both rows of one run, for reading back after the commit. */
export function recordedRun(version: string, runId: string): Query {
  return sql`
    select
      exists (
        select from supabase_migrations.schema_migrations where version = ${version}
      ) as has_entry,
      exists (
        select from supabase_migrations.migration_history
        where version = ${version} and run_id = ${runId}::uuid and status = 'completed'
      ) as has_run`;
}
