import type { DestructiveAct } from "../model/destructive-act.ts";
import type { Loss } from "../model/loss.ts";
import type { RelationName } from "../model/relation-name.ts";
import type { Row } from "../ports.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { addressesOf, count, heldRows, isTable, textOf, withRows } from "./held-rows.ts";
import {
  closureOf,
  columnType,
  countChangedValues,
  countRows,
  policyOf,
  quoted,
  referencing,
  roots,
  type Address,
} from "./queries.ts";
import type { Reader } from "./reader.ts";

interface FoundRelation {
  readonly address: Address;
  readonly row: Row;
}

/** The relation under its whole name, where it is a table. */
async function findTable(reader: Reader, relation: RelationName): Promise<FoundRelation | undefined> {
  const [address] = await addressesOf(reader, roots.relation(textOf(relation)));
  if (address === undefined) return undefined;
  const [row] = (await reader.ask(closureOf(address, []))) ?? [];
  return row !== undefined && isTable(row) ? { address, row } : undefined;
}

/** The tables that a TRUNCATE empties. */
export async function truncateLosses(
  reader: Reader,
  { relation, cascades }: Extract<DestructiveAct, { kind: "truncate" }>,
): Promise<readonly Loss[]> {
  const table = await findTable(reader, relation);
  if (table === undefined) return [];
  const also = cascades ? ((await reader.ask(referencing(table.address.oid))) ?? []) : [];
  const losses: Loss[] = [];
  for (const row of [table.row, ...also]) {
    const [loss] = await heldRows(reader, row, undefined);
    if (loss !== undefined) losses.push({ ...loss, change: "emptied" });
  }
  return losses;
}

/** DELETE and UPDATE without a condition: every row there is. */
export async function rowLosses(
  reader: Reader,
  { kind, relation }: Extract<DestructiveAct, { kind: "delete_all" | "update_all" }>,
): Promise<readonly Loss[]> {
  const table = await findTable(reader, relation);
  if (table === undefined) return [];
  const [loss] = await heldRows(reader, table.row, undefined);
  if (loss === undefined) return [];
  return kind === "delete_all"
    ? [{ ...loss, change: "deleted" }]
    : [{ ...loss, change: "overwritten", cannotComeBack: "the values before" }];
}

/** A new type that does not keep every value; what keeps them all is no loss. */
export async function conversionLosses(
  reader: Reader,
  act: Extract<DestructiveAct, { kind: "change_type" }>,
): Promise<readonly Loss[]> {
  const [address] = await addressesOf(reader, roots.column(textOf(act.relation), act.column));
  if (address === undefined) return [];
  const table = await findTable(reader, act.relation);
  const [old] = (await reader.ask(columnType(address.oid, address.sub))) ?? [];
  if (table === undefined || old === undefined) return [];
  const schema = String(table.row["schema"]);
  const name = String(table.row["relation"]);
  const relation = quoted(schema, name);
  const column = quoteIdentifier(act.column);
  const changed =
    act.isComputed || act.newType === undefined
      ? undefined
      : await reader.ask(
          countChangedValues({ relation, column, newType: act.newType, oldType: String(old["type"]) }),
        );
  if (changed !== undefined && changed[0]?.["count"] === 0) return [];
  const rows = await count(reader, countRows(relation, `${column} is not null`), address.oid);
  if (rows?.count === 0) return [];
  const real =
    changed === undefined ? rows : ({ count: Number(changed[0]?.["count"]), certainty: "counted" } as const);
  return [
    {
      kind: "column",
      name: `${schema}.${name}.${act.column}`,
      change: "converted",
      ...withRows(real),
      cannotComeBack: "the values as they were before the new type",
    },
  ];
}

/** Row-level security that is switched off where it was on and guarded rows. */
export async function protectionLosses(reader: Reader, relation: RelationName): Promise<readonly Loss[]> {
  const table = await findTable(reader, relation);
  if (table === undefined || table.row["has_row_security"] !== true) return [];
  const rows = await count(reader, countRows(wholeName(table.row)), table.address.oid);
  if (rows?.count === 0) return [];
  return [
    {
      kind: "table",
      name: shownName(table.row),
      change: "unprotected",
      ...withRows(rows),
      cannotComeBack: "what is read or changed while row-level security is off",
    },
  ];
}

/** A policy that exists, guards rows, and is not made again. */
export async function policyLosses(
  reader: Reader,
  relation: RelationName,
  policy: string,
): Promise<readonly Loss[]> {
  const table = await findTable(reader, relation);
  if (table === undefined) return [];
  const found = (await reader.ask(policyOf(table.address.oid, policy))) ?? [];
  if (found.length === 0) return [];
  const rows = await count(reader, countRows(wholeName(table.row)), table.address.oid);
  if (rows?.count === 0) return [];
  const name = `${policy} on ${shownName(table.row)}`;
  const cannotComeBack = "its definition, unless a migration makes it again";
  return [{ kind: "policy", name, change: "dropped", cannotComeBack }];
}

function wholeName(row: Row): string {
  return quoted(String(row["schema"]), String(row["relation"]));
}

function shownName(row: Row): string {
  return `${String(row["schema"])}.${String(row["relation"])}`;
}
