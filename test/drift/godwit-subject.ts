import { readCatalog } from "../../src/engine/catalog/read-catalog.ts";
import { diffCatalogs } from "../../src/engine/compare/diff-catalogs.ts";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import type { Catalog, Change, Json } from "../../src/engine/model/catalog.ts";
import { planSchemaChange } from "../../src/engine/plan/schema-change/plan-schema-change.ts";
import type { SchemaChangePlan } from "../../src/engine/plan/schema-change/schema-change.ts";
import type { Subject } from "./subject.ts";

/** Godwit's own snapshot, comparison and plan. */
export const godwitSubject: Subject<Catalog> = {
  read: readCatalogAt,
  plan: async (from, to) => {
    const changes = diffCatalogs(from, to);
    const plan = planSchemaChange({ from, to, changes });
    return {
      changes: changes.map(describeChange),
      refusals: plan.refusals.map(({ key, reason }) => `${key}: ${reason}`),
      transactions: toTransactions(plan),
    };
  },
};

/** The catalog of the database at an address. */
export async function readCatalogAt(url: string): Promise<Catalog> {
  const database = await openDatabase({ kind: "postgres", url });
  try {
    return await database.withSession(readCatalog);
  } finally {
    await database.close();
  }
}

/** The statements of a plan by the transaction that they run in. */
export function toTransactions({ statements }: SchemaChangePlan): readonly (readonly string[])[] {
  const groups: string[][] = [];
  for (const { sql, startsNewTransaction } of statements) {
    const last = groups.at(-1);
    if (last === undefined || startsNewTransaction) groups.push([sql]);
    else last.push(sql);
  }
  return groups;
}

/** A change in a line, such as `altered table "public"."t": owner postgres → app`. */
export function describeChange(change: Change): string {
  if (change.kind !== "altered") return `${change.kind} ${change.key}`;
  return `altered ${change.key}: ${change.attribute} ${show(change.before)} → ${show(change.after)}`;
}

function show(value: Json | undefined): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}
