import { sql, userStatement } from "../database/sql.ts";
import type { Database, Query, Row } from "../ports.ts";
import { quoted } from "./queries.ts";
import type { Reader } from "./reader.ts";
import { withReader } from "./with-reader.ts";

/** A plan that names more tables than this leaves the rest uncounted. */
const mostAsked = 100;

/** Of the target's tables, by `schema.table`. */
export interface TableSizes {
  /**
   * 0 exactly where there are none, else the planner's estimate. A table that nobody could look at, and one that holds something
   * and is not named in the text, is left out.
   */
  readonly rows: ReadonlyMap<string, number>;
  /** What the rows take on disk, without indexes. */
  readonly bytes: ReadonlyMap<string, number>;
}

/** Reads how large the target's tables are. */
export async function readTableSizes(
  database: Database,
  text: string,
  nowMs: () => number,
): Promise<TableSizes> {
  return withReader(database, nowMs, async (reader) => {
    const sizes = (await reader.ask(tableSizes)) ?? [];
    const empty = sizes.filter((row) => row["bytes"] === 0).map((row) => [keyOf(row), 0] as const);
    const lowerText = text.toLowerCase();
    const named = sizes
      .filter((row) => row["bytes"] !== 0 && lowerText.includes(String(row["name"]).toLowerCase()))
      .slice(0, mostAsked);
    const counted: (readonly [string, number])[] = [];
    for (const row of named) {
      const rows = await rowsIn(reader, row);
      if (rows !== undefined) counted.push([keyOf(row), rows]);
    }
    return {
      rows: new Map([...empty, ...counted]),
      bytes: new Map(sizes.map((row) => [keyOf(row), Number(row["bytes"])])),
    };
  });
}

/** A table whose file has pages may be empty all the same. */
async function rowsIn(reader: Reader, row: Row): Promise<number | undefined> {
  const found = await reader.ask(hasRows(quoted(String(row["schema"]), String(row["name"]))));
  if (found === undefined) return undefined;
  return found[0]?.["has_rows"] === true ? Math.max(1, Math.round(Number(row["estimated_rows"]))) : 0;
}

function hasRows(relation: string): Query {
  return userStatement(`select exists (select from ${relation}) as has_rows`);
}

function keyOf(row: Row): string {
  return `${String(row["schema"])}.${String(row["name"])}`;
}

const tableSizes = sql`
  select
    n.nspname as schema,
    c.relname as name,
    c.reltuples::float8 as estimated_rows,
    case
      when c.relkind = 'p'
        then (select coalesce(sum(pg_relation_size(t.relid)), 0) from pg_partition_tree(c.oid) t)
      else pg_relation_size(c.oid)
    end::float8 as bytes
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema')`;
