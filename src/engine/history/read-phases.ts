import * as z from "zod";
import { ident, sql } from "../database/sql.ts";
import type { FoundPhase, RecordedPhase } from "../model/phase.ts";
import type { Row, Reader } from "../ports.ts";
import { tableRows } from "./table-rows.ts";
import { toHistoryError } from "./history-error.ts";
import { allPhases, newestPhase } from "./phase-queries.ts";
import { hasRuns, readTableShapes } from "./read-history.ts";

const progressFields = z.object({
  key: z.string(),
  end: z.string().nullable(),
  mark: z.string().nullable(),
  batches: z.number(),
  rowsDone: z.number(),
  rowsTotal: z.number(),
  batchSize: z.number(),
  durationMs: z.number(),
  tables: z.array(tableRows),
});

const adoptedFields = z.object({
  adoptedFrom: z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) }),
});

const phaseFields = z.object({
  id: z.number(),
  phase_number: z.string(),
  phase_name: z.string(),
  status: z.enum(["pending", "completed", "error"]),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  error_message: z.string().nullish(),
  rows_affected: z.number().nullish(),
  checksum: z.string().nullish(),
  progress: z.unknown(),
});

/** A row of ours as a phase. */
export function toPhase(row: Row): RecordedPhase {
  const fields = phaseFields.parse(row["fields"]);
  const progress = progressFields.safeParse(fields.progress);
  const adopted = adoptedFields.safeParse(fields.progress);
  return {
    id: fields.id,
    number: fields.phase_number,
    name: fields.phase_name,
    status: fields.status,
    startedAt: fields.started_at ?? undefined,
    completedAt: fields.completed_at ?? undefined,
    errorMessage: fields.error_message ?? undefined,
    rowsAffected: fields.rows_affected ?? undefined,
    checksum: fields.checksum ?? undefined,
    progress: progress.success ? progress.data : undefined,
    adoptedFrom: adopted.success ? adopted.data.adoptedFrom : undefined,
  };
}

/** Every phase that our table records, oldest first; none where there is no table of ours. Throws `permission_denied`, `history_shape`. */
export async function readPhases(session: Reader): Promise<readonly RecordedPhase[]> {
  try {
    if (!hasRuns(await readTableShapes(session))) return [];
    return (await session.run(allPhases)).rows.map(toPhase);
  } catch (error) {
    throw toHistoryError(error, "read");
  }
}

/** The newest row of one phase; our table has to be there. */
export async function readPhase(session: Reader, number: string): Promise<RecordedPhase | undefined> {
  const { rows } = await session.run(newestPhase(number));
  return rows[0] === undefined ? undefined : toPhase(rows[0]);
}

/** A project has some hundred phases at most. */
const mostFound = 5_000;

/** The phases in tables named `migration_history` of the founding shape, wherever a project has them but in Godwit's place. */
export async function readFoundPhases(session: Reader): Promise<readonly FoundPhase[]> {
  const { rows: tables } = await session.run(foundingTables);
  const found: FoundPhase[] = [];
  for (const table of tables) {
    const [schema, name] = [String(table["schema_name"]), String(table["table_name"])];
    const { rows } = await session.run(sql`
      select to_jsonb(t) as fields
      from ${ident(schema, name)} t
      order by to_jsonb(t) ->> 'started_at', to_jsonb(t) ->> 'id'
      limit ${mostFound}`);
    found.push(...rows.flatMap((row) => toFound(`${schema}.${name}`, row["fields"])));
  }
  return found;
}

const foundFields = z.looseObject({
  phase_number: z.union([z.string(), z.number()]),
  phase_name: z.string().nullish(),
  status: z.string().nullish(),
});

function toFound(table: string, fields: unknown): readonly FoundPhase[] {
  const parsed = foundFields.safeParse(fields);
  if (!parsed.success) return [];
  const { phase_number: number, phase_name: name, status } = parsed.data;
  return [{ table, row: parsed.data, number: String(number), name: name ?? "", state: status ?? "pending" }];
}

const foundingTables = sql`
  select n.nspname as schema_name, c.relname as table_name
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and c.relname = 'migration_history'
    and n.nspname <> 'supabase_migrations'
    and (
      select count(*)
      from pg_catalog.pg_attribute a
      where a.attrelid = c.oid and not a.attisdropped and a.attname in ('phase_number', 'phase_name', 'status')
    ) = 3
    and has_schema_privilege(n.oid, 'usage')
    and has_table_privilege(c.oid, 'select')
  order by n.nspname
  limit 5`;
