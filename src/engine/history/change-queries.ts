import { joinSql, sql } from "../database/sql.ts";
import type { RowChange } from "../model/history-change.ts";
import type { Query } from "../ports.ts";

/** What the archive table says of every row that one run replaced. */
export interface ChangeRun {
  readonly runId: string;
  readonly planId: string;
  readonly appliedBy: string;
}

/** Begins a run that changes files and history; answers its row's id. */
export function insertChangeRun(run: ChangeRun & { readonly purpose: string; readonly name: string }): Query {
  return sql`
    insert into supabase_migrations.migration_history
      (kind, phase_number, phase_name, status, started_at, checksum, run_id, applied_by)
    values (
      ${run.purpose}, ${run.planId.slice(0, 12)}, ${run.name}, 'pending', now(), ${run.planId},
      ${run.runId}::uuid, ${run.appliedBy}
    )
    returning id`;
}

/** Our own row of an entry whose SQL did not run: a run of the same version is not taken for the entry's any more. */
export function insertStandInRun(
  entry: { readonly version: string; readonly name: string; readonly checksum: string },
  run: ChangeRun,
): Query {
  return sql`
    insert into supabase_migrations.migration_history
      (kind, phase_number, phase_name, status, started_at, completed_at, version, checksum, run_id, applied_by)
    values (
      'migration', ${entry.version}, ${entry.name}, 'completed', now(), now(), ${entry.version}, ${entry.checksum},
      ${run.runId}::uuid, ${run.appliedBy}
    )`;
}

/** The row and status of a run that changes files and history. */
export function changeRunStatus(runId: string): Query {
  return sql`
    select id, status
    from supabase_migrations.migration_history
    where run_id = ${runId}::uuid
      and kind in ('reconcile', 'baseline')`;
}

/** The statements of one change but its insert: the rows as they are go to the archive table first. */
export function rowChangeQueries(
  change: Exclude<RowChange, { kind: "insert" }>,
  run: ChangeRun & { readonly isHostedShape: boolean },
): readonly Query[] {
  switch (change.kind) {
    case "remove":
      return [
        archiveRows({ change, run, word: "removed", rows: sql`m.version = ${change.version}` }),
        sql`delete from supabase_migrations.schema_migrations where version = ${change.version}`,
      ];
    case "remove_copies":
      return [
        archiveRows({ change, run, word: "removed", rows: copiesOf(change.version) }),
        sql`delete from supabase_migrations.schema_migrations m where ${copiesOf(change.version)}`,
      ];
    case "update":
      return [
        archiveRows({ change, run, word: "replaced", rows: sql`m.version = ${change.version}` }),
        updateRow(change, run),
        ...changeRuns(change, run),
      ];
  }
}

/** The one that stays is the first as it lies in the table; all are kept in the archive. */
function copiesOf(version: string): Query {
  return sql`
    m.version = ${version}
    and m.ctid <> (
      select min(k.ctid)
      from supabase_migrations.schema_migrations k
      where k.version = ${version}
    )`;
}

interface Archiving {
  readonly change: { readonly version: string; readonly reason: string };
  readonly run: ChangeRun;
}

function archiveRows(
  order: Archiving & { readonly word: "removed" | "replaced"; readonly rows: Query },
): Query {
  const { change, run, word, rows } = order;
  return sql`
    insert into supabase_migrations.migration_history_archive
      (source, change, version, old_row, reason, run_id, plan_id, archived_by)
    select
      'schema_migrations', ${word}, m.version, to_jsonb(m), ${change.reason}, ${run.runId}::uuid,
      ${run.planId}, ${run.appliedBy}
    from supabase_migrations.schema_migrations m
    where ${rows}`;
}

type RowUpdate = Extract<RowChange, { kind: "update" }>;

/** Only hosted projects have a column for the way back. */
function updateRow(
  { version, to }: RowUpdate,
  { isHostedShape }: { readonly isHostedShape: boolean },
): Query {
  const sets = [
    ...(to.version === undefined ? [] : [sql`version = ${to.version}`]),
    ...(to.name === undefined ? [] : [sql`name = ${to.name}`]),
    ...(to.statements === undefined ? [] : [sql`statements = ${to.statements}::text[]`]),
    ...(to.rollbackSql === undefined || !isHostedShape
      ? []
      : [sql`rollback = array[${to.rollbackSql}::text]`]),
  ];
  return sql`
    update supabase_migrations.schema_migrations
    set ${joinSql(sets, ", ")}
    where version = ${version}`;
}

/** What ran under the old version is found under the new one, and what it ran is what the file says now. */
function changeRuns(change: RowUpdate, run: ChangeRun): readonly Query[] {
  const { version, checksum } = change.to;
  if (version === undefined && checksum === undefined) return [];
  const sets = [
    ...(version === undefined ? [] : [sql`version = ${version}, phase_number = ${version}`]),
    ...(checksum === undefined ? [] : [sql`checksum = ${checksum}`]),
  ];
  return [
    sql`
      insert into supabase_migrations.migration_history_archive
        (source, change, version, old_row, reason, run_id, plan_id, archived_by)
      select
        'migration_history', 'replaced', r.version, to_jsonb(r), ${change.reason}, ${run.runId}::uuid,
        ${run.planId}, ${run.appliedBy}
      from supabase_migrations.migration_history r
      where r.version = ${change.version}
        and r.kind = 'migration'`,
    sql`
      update supabase_migrations.migration_history
      set ${joinSql(sets, ", ")}
      where version = ${change.version}
        and kind = 'migration'`,
  ];
}
