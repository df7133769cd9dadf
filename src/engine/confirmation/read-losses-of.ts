import { isMadeAgain } from "./made-again.ts";
import type { DestructiveAct, MadeObject } from "../model/destructive-act.ts";
import type { Loss } from "../model/loss.ts";
import type { Row } from "../ports.ts";
import type { LocatedAct } from "./follow-names.ts";
import { addressesOf, heldRows, isTable, textOf } from "./held-rows.ts";
import { anyRows, closureOf, roots, type Address } from "./queries.ts";
import type { Reader } from "./reader.ts";
import {
  conversionLosses,
  policyLosses,
  protectionLosses,
  rowLosses,
  truncateLosses,
} from "./table-losses.ts";

/** What one act takes away from what exists now. */
export async function readLossesOf(
  reader: Reader,
  { act, fileName, line, madeAfter }: LocatedAct,
): Promise<readonly Loss[]> {
  const losses = await lossesOf(reader, act, madeAfter);
  const place = {
    ...(fileName === undefined ? {} : { file: fileName }),
    ...(line === undefined ? {} : { line }),
  };
  return losses.map((loss) => ({ ...loss, ...place }));
}

async function lossesOf(
  reader: Reader,
  act: DestructiveAct,
  madeAfter: readonly MadeObject[],
): Promise<readonly Loss[]> {
  switch (act.kind) {
    case "drop":
      return dropLosses(reader, await rootsOf(reader, act), { cascades: act.cascades, madeAfter });
    case "drop_column": {
      const found = await addressesOf(reader, roots.column(textOf(act.relation), act.column));
      return dropLosses(reader, found, { cascades: act.cascades, madeAfter });
    }
    case "truncate":
      return truncateLosses(reader, act);
    case "delete_all":
    case "update_all":
      return rowLosses(reader, act);
    case "change_type":
      return conversionLosses(reader, act);
    case "lift_row_security":
      return protectionLosses(reader, act.relation);
    case "drop_policy":
      return policyLosses(reader, act.relation, act.policy);
    case "sweep":
      if (!(await holdsRows(reader))) return [];
      return [
        {
          kind: "objects taken by",
          name: act.command,
          change: "dropped",
          cannotComeBack: "everything that it takes with it",
        },
      ];
    case "create":
    case "rename_relation":
    case "rename_column":
    case "rename_schema":
    case "set_search_path":
      return [];
  }
}

/** Where no table of the user's own has ever held a row, nothing can be lost. */
async function holdsRows(reader: Reader): Promise<boolean> {
  const rows = await reader.ask(anyRows);
  return rows === undefined || rows[0]?.["has_rows"] === true;
}

function rootsOf(
  reader: Reader,
  { what, object }: Extract<DestructiveAct, { kind: "drop" }>,
): Promise<readonly Address[]> {
  switch (what) {
    case "relation":
      return addressesOf(reader, roots.relation(textOf(object)));
    case "type":
      return addressesOf(reader, roots.type(textOf(object)));
    case "schema":
      return addressesOf(reader, roots.schema(object.name));
    case "extension":
      return addressesOf(reader, roots.extension(object.name));
    case "routine":
      return addressesOf(reader, roots.routine(object.schema ?? null, object.name));
  }
}

/** Kinds of dependent objects that somebody wrote and would miss. */
const missedKinds = new Set([
  "view",
  "materialized view",
  "foreign table",
  "function",
  "procedure",
  "aggregate",
  "policy",
  "trigger",
]);

interface MadeAfter {
  readonly madeAfter: readonly MadeObject[];
}

async function dropLosses(
  reader: Reader,
  found: readonly Address[],
  { cascades, madeAfter }: Pick<Extract<DestructiveAct, { kind: "drop" }>, "cascades"> & MadeAfter,
): Promise<readonly Loss[]> {
  const losses: Loss[] = [];
  for (const root of found) {
    const rows = (await reader.ask(closureOf(root, cascades ? [..."naieSP"] : [..."aieSP"]))) ?? [];
    const stays = rows.filter((row) => !isMadeAgain(row, madeAfter));
    losses.push(...(await lossesInClosure(reader, root, stays)));
  }
  return losses;
}

async function lossesInClosure(
  reader: Reader,
  root: Address,
  rows: readonly Row[],
): Promise<readonly Loss[]> {
  const losses: Loss[] = [];
  const tables = new Set(rows.filter(isTable).map((row) => row["oid"]));
  const quiet = namesGoneAnyway(rows);
  for (const row of rows) {
    const isRoot = row["oid"] === root.oid && row["sub"] === root.sub && row["catalog"] === root.catalog;
    if (isTable(row) && row["is_partition"] === true && !isRoot) continue;
    if (isTable(row))
      losses.push(...(await heldRows(reader, row, row["sub"] === 0 ? undefined : row["column"])));
    else if (isColumnOfKept(row, tables)) losses.push(...(await heldRows(reader, row, row["column"])));
    else if (!isRoot && missedKinds.has(String(row["kind"])) && !quiet(row)) {
      const name = String(row["identity"]);
      const cannotComeBack = "its definition, unless a migration makes it again";
      losses.push({ kind: String(row["kind"]), name, change: "dropped", cannotComeBack });
    }
  }
  return losses;
}

function isColumnOfKept(row: Row, tables: ReadonlySet<unknown>): boolean {
  if (row["catalog"] !== "pg_class" || typeof row["column"] !== "string") return false;
  return ["r", "p"].includes(String(row["relkind"])) && !tables.has(row["oid"]);
}

/** Policies and triggers of a table that goes are gone with it, and are not told apart. */
function namesGoneAnyway(rows: readonly Row[]): (row: Row) => boolean {
  const tables = rows
    .filter((row) => row["catalog"] === "pg_class" && row["sub"] === 0)
    .map((row) => String(row["identity"]));
  return (row) =>
    ["policy", "trigger"].includes(String(row["kind"])) &&
    tables.some((table) => String(row["identity"]).endsWith(` on ${table}`));
}
