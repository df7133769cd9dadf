import { ident, joinSql, sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { NamedThing, Things } from "../model/things.ts";
import type { Session, TargetDescription } from "../ports.ts";

/** One number for all rows of a table, in whatever order they and their columns stand, by the table's name such as `public.orders`. */
export type RowDigests = ReadonlyMap<string, string>;

/** Tables are read under the locks of a migration: no larger ones, no more together, and not for long. */
const largestBytes = 8 * 1024 * 1024;
const mostBytes = 4 * largestBytes;
const timeoutMs = "1000";

/** The tables with rows whose names stand in this text. */
export function tablesNamedIn(text: string, things: Things): readonly NamedThing[] {
  const words = new Set(text.toLowerCase().split(/[^\p{L}\p{N}_$]+/u));
  return [...things.values()].filter(
    ({ kind, holds, name, schema }) =>
      kind === "table" && holds && (isIn(name, text, words) || words.has(schema.toLowerCase())),
  );
}

function isIn(name: string, text: string, words: ReadonlySet<string>): boolean {
  return words.has(name.toLowerCase()) || (/[^\p{L}\p{N}_$]/u.test(name) && text.includes(name));
}

/**
 * Digests the rows of those of the tables that are small and can be read whole, within the open transaction; gives back the locks that
 * this takes. Empty where the database refuses, or has no time.
 */
export async function readRowDigests(
  session: Session,
  engine: TargetDescription["engine"],
  tables: readonly NamedThing[],
): Promise<RowDigests> {
  if (tables.length === 0) return new Map();
  await session.run(sql`savepoint godwit_rows`);
  try {
    if (engine === "postgres") await session.run(limits);
    return await digest(session, await chooseSmall(session, tables));
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
    return new Map();
  } finally {
    await session.run(sql`rollback to savepoint godwit_rows`);
    await session.run(sql`release savepoint godwit_rows`);
  }
}

const limits = sql`
  select
    set_config('lock_timeout', '100ms', true),
    set_config('statement_timeout', ${timeoutMs}, true),
    set_config('row_security', 'off', true)`;

async function chooseSmall(session: Session, tables: readonly NamedThing[]): Promise<readonly NamedThing[]> {
  const oids = tables.map(({ id }) => id.slice(1));
  const { rows } = await session.run(sql`
    select sized.oid
    from (
      select c.oid::text as oid, c.bytes, sum(c.bytes) over (order by c.bytes, c.oid) as so_far
      from (
        select o.oid::oid as oid, pg_catalog.pg_table_size(o.oid::oid) as bytes
        from unnest(${oids}::text[]) o (oid)
      ) c
    ) sized
    where sized.bytes <= ${String(largestBytes)}::bigint and sized.so_far <= ${String(mostBytes)}::bigint`);
  const small = new Set(rows.map((row) => `r${String(row["oid"])}`));
  return tables.filter(({ id }) => small.has(id));
}

async function digest(session: Session, tables: readonly NamedThing[]): Promise<RowDigests> {
  if (tables.length === 0) return new Map();
  const questions = tables.map(
    ({ schema, name }, index) => sql`
      select
        ${index}::integer as place,
        count(*) || ' ' || coalesce(sum(pg_catalog.hashtextextended(to_jsonb(t)::text, 0)), 0) as digest
      from only ${ident(schema, name)} t`,
  );
  const { rows } = await session.run(joinSql(questions, " union all "));
  return new Map(
    rows.flatMap((row) => {
      const table = tables[Number(row["place"])];
      return table === undefined ? [] : [[`${table.schema}.${table.name}`, String(row["digest"])] as const];
    }),
  );
}
