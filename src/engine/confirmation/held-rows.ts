import type { Loss, RowCount } from "../model/loss.ts";
import type { RelationName } from "../model/relation-name.ts";
import type { Query, Row } from "../ports.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { countRows, estimateRows, mostCounted, quoted, type Address } from "./queries.ts";
import type { Reader } from "./reader.ts";

/** A relation's name as `to_regclass` takes it. */
export function textOf({ schema, name }: RelationName): string {
  return quoted(schema, name);
}

/** The objects that a query names; none where it finds none. */
export async function addressesOf(reader: Reader, query: Query): Promise<readonly Address[]> {
  const rows = (await reader.ask(query)) ?? [];
  return rows.flatMap((row) =>
    row["oid"] === null
      ? []
      : [{ catalog: String(row["catalog"]), oid: String(row["oid"]), sub: Number(row["sub"]) }],
  );
}

/** True for a row of `closureOf` that is a table, partitioned or not. */
export function isTable(row: Row): boolean {
  return row["catalog"] === "pg_class" && row["sub"] === 0 && ["r", "p"].includes(String(row["relkind"]));
}

/** The rows of a table, or those with a value in a column; nothing where there are none. */
export async function heldRows(reader: Reader, row: Row, column: unknown): Promise<readonly Loss[]> {
  const relation = quoted(String(row["schema"]), String(row["relation"]));
  const name = `${String(row["schema"])}.${String(row["relation"])}`;
  const oid = String(row["oid"]);
  if (typeof column !== "string") {
    const rows = await count(reader, countRows(relation), oid);
    if (rows?.count === 0) return [];
    return [{ kind: "table", name, change: "dropped", ...withRows(rows), cannotComeBack: "its rows" }];
  }
  const rows = await count(reader, countRows(relation, `${quoteIdentifier(column)} is not null`), oid);
  if (rows?.count === 0) return [];
  const cannotComeBack = "the values in it";
  return [
    { kind: "column", name: `${name}.${column}`, change: "dropped", ...withRows(rows), cannotComeBack },
  ];
}

/** A count as a loss has it. */
export function withRows(rows: RowCount | undefined): Pick<Loss, "rows"> {
  return rows === undefined ? {} : { rows };
}

/** Counted where the database allows it in time, else what the statistics say; undefined where not even they know. */
export async function count(reader: Reader, query: Query, oid: string): Promise<RowCount | undefined> {
  const counted = await reader.ask(query);
  if (counted !== undefined) {
    const found = Number(counted[0]?.["count"]);
    if (found > mostCounted) return { count: mostCounted, certainty: "at_least" };
    return { count: found, certainty: "counted" };
  }
  const [estimated] = (await reader.ask(estimateRows(oid))) ?? [];
  const guess = Math.round(Number(estimated?.["count"] ?? -1));
  // Statistics that say "none" may be old: what could not be counted is never taken for empty.
  return guess <= 0 ? undefined : { count: guess, certainty: "estimated" };
}
