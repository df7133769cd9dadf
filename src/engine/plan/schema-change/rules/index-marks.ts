import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { ownerNameOf } from "../names.ts";
import type { Draft } from "../rule.ts";

/** Marks the index, or the one behind the constraint, as what CLUSTER follows; unmarking yields to another index's mark. */
export function clusterMark(fact: Fact, isOn: boolean): readonly Draft[] {
  const table = `alter table ${ownerNameOf(fact.id)}`;
  return isOn
    ? [{ sql: `${table} cluster on ${quoteIdentifier(fact.id.name)}`, place: "late" }]
    : [{ sql: `${table} set without cluster` }];
}

/** Makes the index, or the one behind the constraint, the table's replica identity; the table says what comes instead. */
export function replicaIdentityMark(fact: Fact): Draft {
  const table = `alter table ${ownerNameOf(fact.id)}`;
  return { sql: `${table} replica identity using index ${quoteIdentifier(fact.id.name)}`, place: "late" };
}
