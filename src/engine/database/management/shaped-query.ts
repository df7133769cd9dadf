import type { Query, QueryResult } from "../../ports.ts";
import { toQueryResult } from "../query-result.ts";
import { ident, sql, joinSql } from "../sql.ts";

/*
 * The service answers rows as JSON of its own making, without types, with a repeated column name once and with numbers that JavaScript cannot
 * hold. So a query's columns are counted and named first, without running it, and then every value is asked for as the text that Postgres
 * prints, beside its type.
 */

/** Asks for the names of a query's columns, in order and repeated ones too; does not run it. */
export function namesOf(query: Query): Query {
  return sql`
    select coalesce(json_agg(n.name), '[]')::text as names
    from (
      select json_object_keys(row_to_json(x)) as name
      from (select t.* from (select) one left join (${query}
      ) t on false) x
    ) n`;
}

/** The query with every value as text; its rows begin with the types' OIDs on the first of them. */
export function asText(query: Query, columns: number, maxRows: number | undefined): Query {
  const names = Array.from({ length: columns }, (_, index) => sql`${ident(`c${index + 1}`)}`);
  const list = (queries: readonly Query[]) => joinSql(queries, ", ");
  const types = list(names.map((name) => sql`pg_typeof(t.${name})::oid::text`));
  const cells = list(
    names.map((name) => sql`case when t.${name} is distinct from null then format('%s', t.${name}) end`),
  );
  const limit = maxRows === undefined ? sql`` : sql`limit ${maxRows}::bigint`;
  return sql`
    select
      case when row_number() over () = 1 then to_json(array[${types}]::text[])::text end as types,
      case when t.here then to_json(array[${cells}]::text[])::text end as cells
    from (select) one
    left join (select true as here, q.* from (${query}
    ) q${names.length === 0 ? sql`` : sql` (${list(names)})`}) t on true
    ${limit}`;
}

/** What the two answers say together. Throws where they are not what the two queries ask for. */
export function toShapedResult(
  names: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): QueryResult {
  const oids = toTexts(rows[0]?.["types"]).map(Number);
  const cells = rows.filter((row) => row["cells"] !== null).map((row) => toTexts(row["cells"]));
  return toQueryResult({
    columns: names.map((name, index) => ({ name, typeOid: oids[index] ?? 0 })),
    rows: cells,
    command: "SELECT",
    rowsAffected: cells.length,
  });
}

/** The names in the answer to `namesOf`. */
export function toNames(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return toTexts(rows[0]?.["names"]).map(String);
}

function toTexts(value: unknown): (string | null)[] {
  const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
  if (!Array.isArray(list)) throw new Error("The Management API answered rows in an unknown shape.");
  return list.map((item: unknown) => (item === null ? null : String(item)));
}
