import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownership, type AttributeTable } from "../attribute-rules.ts";
import { nameOf } from "../names.ts";
import { optionRule } from "../options.ts";
import type { Draft, Rule } from "../rule.ts";
import { isComing, isSet, keyOf, textOf, type World } from "../world.ts";
import { goesWithAbove, joinAbove, takesUpParts, takeUpParts } from "./attached-index.ts";
import { clusterMark, replicaIdentityMark } from "./index-marks.ts";

/** Indexes that no constraint has. An index of a partitioned table comes after its partitions' indexes and takes them up. */
export const tableIndex: Rule = {
  rank: 75,
  droppedWith: goesWithAbove,
  create: createIndex,
  drop: (fact, world) => [
    {
      sql: `drop index ${nameOf(fact.id)}${hasKeysBelow(fact, world) ? " cascade" : ""}`,
      hazards: ["INDEX_DROPPED", "ACCESS_EXCLUSIVE_LOCK"],
    },
  ],
  ...alterIndex({
    ...ownership,
    definition: "replace",
    unique: "replace",
    invalid: (change, { to }) =>
      change.after === undefined && !isPartitioned(to)
        ? [{ sql: `reindex index ${nameOf(to.id)}`, hazards: ["INDEX_BUILD", "ACCESS_EXCLUSIVE_LOCK"] }]
        : [],
    attachedTo: (change, { to }, world) => (change.after === undefined ? [] : joinAbove(to, world)),
    clustered: (change, { to }) => clusterMark(to, change.after === true),
    replicaIdentity: (change, { to }) => (change.after === true ? [replicaIdentityMark(to)] : []),
    tablespace: (change, { to }) => [
      {
        sql: `alter index ${nameOf(to.id)} set tablespace ${quoteIdentifier(String(change.after ?? "pg_default"))}`,
        hazards: ["ACCESS_EXCLUSIVE_LOCK"],
      },
    ],
    statisticsTargets: (change, { to }) => [
      ...Object.keys(asTargets(change.before))
        .filter((column) => asTargets(change.after)[column] === undefined)
        .map((column) => setStatistics(to, column, -1)),
      ...statistics(to),
    ],
    "option.*": optionRule,
  }),
  // The server makes it anew with a column's type, and forgets these targets.
  react: (fact, { how }) =>
    how === "retyped" && fact.attributes["statisticsTargets"] === undefined ? "keep" : "replace",
};

/** A partitioned index is invalid for want of parts: it ceases to be by taking them up, and becomes so only when made anew. */
function alterIndex(table: AttributeTable): Pick<Rule, "decide" | "alter"> {
  const attributes = alterByAttribute(table);
  return {
    ...attributes,
    decide: (alteration) => {
      if (alteration.changed.get("invalid")?.after !== true) return attributes.decide(alteration);
      return isPartitioned(alteration.to)
        ? { kind: "replace" }
        : {
            kind: "refuse",
            reason: "An invalid index is what a failed build leaves; no statement makes one.",
          };
    },
  };
}

/** The server drops a partition's index along, but a key that stands on it only when told to; the plan knows of all of them. */
function hasKeysBelow(fact: Fact, world: World): boolean {
  return world.from
    .dependents(fact.key)
    .some((part) => part.kind === "constraint" && keyOf(part, "attachedTo") === fact.key);
}

function isPartitioned(fact: Fact): boolean {
  return / ON ONLY /.test(fact.statement ?? "");
}

function createIndex(fact: Fact, world: World): readonly Draft[] {
  const isNew = fact.parent !== undefined && isComing(world, fact.parent);
  const tablespace = textOf(fact, "tablespace");
  const statement = (fact.statement ?? "").replace(/^CREATE (UNIQUE )?INDEX/, (words) => words.toLowerCase());
  return [
    {
      sql: `${takesUpParts(fact, world) || isSet(fact, "invalid") ? statement : withoutOnly(statement)}${tablespace === undefined ? "" : withTablespace(tablespace)}`,
      hazards: isNew ? [] : ["INDEX_BUILD", "SHARE_LOCK"],
    },
    ...takeUpParts(fact, world),
    ...joinAbove(fact, world),
    ...statistics(fact),
    ...(isSet(fact, "clustered") ? clusterMark(fact, true) : []),
    ...(isSet(fact, "replicaIdentity") ? [replicaIdentityMark(fact)] : []),
  ];
}

function statistics(fact: Fact): readonly Draft[] {
  return Object.entries(asTargets(fact.attributes["statisticsTargets"])).map(([column, target]) =>
    setStatistics(fact, column, Number(target)),
  );
}

function setStatistics(fact: Fact, column: string, target: number): Draft {
  return { sql: `alter index ${nameOf(fact.id)} alter column ${column} set statistics ${target}` };
}

function asTargets(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** On a partitioned table the server prints ON ONLY; without it the index takes up those of the partitions. */
function withoutOnly(statement: string): string {
  return statement.replace(/^(create (?:unique )?index (?:"(?:[^"]|"")*"|[^" ]+) ON )ONLY /, "$1");
}

function withTablespace(name: string): string {
  return ` tablespace ${quoteIdentifier(name)}`;
}
