import { ident, joinSql, sql } from "../database/sql.ts";
import { readTakenTable, type TakenTable } from "../effects/taken-table.ts";
import type { DestructiveAct } from "../model/destructive-act.ts";
import type { KeptData } from "../model/kept-data.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { RelationName } from "../model/relation-name.ts";
import type { Session } from "../ports.ts";
import { keptSchema } from "../plan/rollback/plan-restore.ts";

/** More than this is not copied: it would take long, under the history's lock, and disk that nobody counted on. */
const largestCopyBytes = 256 * 1024 * 1024;

/**
 * Copies, in the migration's own transaction, the rows and values that its statements take away by name: of dropped and emptied tables,
 * of dropped columns, and of rows that are deleted or overwritten without a condition. What cannot be brought back by its primary
 * key, or is larger than 256 MB, is left out, and stays a loss.
 */
export async function keepData(session: Session, migration: PlannedMigration): Promise<readonly KeptData[]> {
  if (migration.keepsData !== true) return [];
  const kept: KeptData[] = [];
  for (const act of migration.statements.flatMap(({ destroys }) => destroys)) {
    const relation = await readTakenTable(session, relationOf(act));
    const planned = relation === undefined ? undefined : planCopy(act, relation);
    if (planned === undefined || kept.some(({ name }) => name === planned.name)) continue;
    const copy = `kept_${migration.version}_${kept.length + 1}`;
    await makeCopy(session, { ...planned, copy });
    kept.push({ ...planned, copy });
  }
  return parentsFirst(session, kept);
}

/** Removes copies whose migration was rolled back, never ended, or was applied longer ago than the window is. */
export async function purgeKept(session: Session, windowHours: number): Promise<void> {
  const { rows } = await session.run(sql`
    select c.relname as name
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${keptSchema}
      and c.relkind = 'r'
      and c.relname ~ '^kept_[0-9]+_[0-9]+$'
      and not exists (
        select
        from supabase_migrations.migration_history r
        where r.kind = 'migration'
          and r.version = split_part(c.relname, '_', 2)
          and (r.status = 'pending' or r.completed_at > now() - make_interval(hours => ${windowHours}::int))
      )`);
  for (const row of rows) await session.run(sql`drop table ${ident(keptSchema, String(row["name"]))}`);
}

function relationOf(act: DestructiveAct): RelationName | undefined {
  if (act.kind === "drop") return act.what === "relation" ? act.object : undefined;
  const isTaking = ["drop_column", "truncate", "delete_all", "update_all"].includes(act.kind);
  return isTaking && "relation" in act ? act.relation : undefined;
}

function planCopy(act: DestructiveAct, relation: TakenTable): Omit<KeptData, "copy"> | undefined {
  const { schema, name, bytes, columns, keys, triggers, sequences } = relation;
  if (bytes > largestCopyBytes) return undefined;
  const whole = { name: `${schema}.${name}`, table: { schema, name }, columns, keys, triggers, sequences };
  if (act.kind === "drop_column") {
    const { column } = act;
    if (keys.length === 0 || keys.includes(column) || !columns.includes(column)) return undefined;
    const own = { column, columns: [...keys, column], sequences: [], restoredBy: "update" } as const;
    return { ...whole, ...own, name: `${whole.name}.${column}` };
  }
  if (act.kind !== "update_all") return { ...whole, restoredBy: "insert" };
  return keys.length === 0 ? undefined : { ...whole, sequences: [], restoredBy: "update" };
}

async function makeCopy(session: Session, { copy, table, column, columns }: KeptData): Promise<void> {
  const target = ident(keptSchema, copy);
  const list = joinSql(
    columns.map((name) => sql`${ident(name)}`),
    ", ",
  );
  const rows = column === undefined ? sql`` : sql` where ${ident(column)} is not null`;
  await session.run(
    sql`create table ${target} as select ${list} from ${ident(table.schema, table.name)}${rows}`,
  );
  // Default privileges of the schema may have given it to somebody.
  await session.run(sql`revoke all on table ${target} from public`);
}

/** Rows that others refer to come back before those that refer to them. */
async function parentsFirst(session: Session, kept: readonly KeptData[]): Promise<readonly KeptData[]> {
  if (kept.length < 2) return kept;
  const { rows } = await session.run(sql`
    select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent
    from (
      select
        k.conrelid, k.confrelid
      from pg_catalog.pg_constraint k
      where k.contype = 'f' and k.conrelid <> k.confrelid
    ) k`);
  const parents = rows.map((row) => [plain(row["child"]), plain(row["parent"])] as const);
  const ordered: KeptData[] = [];
  let waiting = [...kept];
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ table }) => table.name));
    const ready = waiting.filter(
      ({ table }) => !parents.some(([child, parent]) => child === table.name && names.has(parent)),
    );
    const next = ready.length === 0 ? waiting : ready;
    ordered.push(...next);
    waiting = waiting.filter((each) => !next.includes(each));
  }
  return ordered;
}

/** The name alone: an order that a table of the same name elsewhere makes too strict does no harm. */
function plain(name: unknown): string {
  return (String(name).split(".").at(-1) ?? "").replaceAll('"', "");
}

/** The names of what is in its table again as the copy has it. */
export async function findRestored(session: Session, kept: readonly KeptData[]): Promise<readonly string[]> {
  const restored: string[] = [];
  for (const { name, copy, table, column, columns } of kept) {
    const list = joinSql(
      columns.map((each) => sql`${ident(each)}`),
      ", ",
    );
    const where = column === undefined ? sql`` : sql` where ${ident(column)} is not null`;
    const digest = (from: ReturnType<typeof ident>) =>
      sql`select count(*)::text || ' ' || coalesce(sum(hashtextextended(r::text, 0)::numeric), 0) from (select ${list} from ${from}${where}) r`;
    const { rows } = await session.run(
      sql`select (${digest(ident(keptSchema, copy))}) = (${digest(ident(table.schema, table.name))}) as is_same`,
    );
    if (rows[0]?.["is_same"] === true) restored.push(name);
  }
  return restored;
}
