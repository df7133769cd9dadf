import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute } from "../attribute-rules.ts";
import { nameOf } from "../names.ts";
import { optionRule } from "../options.ts";
import type { Draft, Rule } from "../rule.ts";
import { isComing, isGoing, isSet, keyOf, textOf, type World } from "../world.ts";
import { staysAttached } from "./attachment.ts";
import { clusterMark, replicaIdentityMark } from "./index-marks.ts";

/** Indexes that no constraint has. An index of a partitioned table comes after its partitions' indexes and takes them up. */
export const tableIndex: Rule = {
  rank: 75,
  droppedWith: (fact, world) => {
    const above = keyOf(fact, "attachedTo");
    if (above === undefined || fact.parent === undefined || !isGoing(world, above)) return undefined;
    return staysAttached(fact.parent, world) ? above : undefined;
  },
  create: createIndex,
  drop: (fact) => [
    { sql: `drop index ${nameOf(fact.id)}`, hazards: ["INDEX_DROPPED", "ACCESS_EXCLUSIVE_LOCK"] },
  ],
  ...alterByAttribute({
    definition: "replace",
    unique: "replace",
    invalid: "replace",
    attachedTo: (change, { to }, world) => {
      const above = keyOf(to, "attachedTo");
      const parent = above === undefined ? undefined : world.to.facts.get(above);
      if (change.after === undefined || parent === undefined || isComing(world, parent.key)) return [];
      if (to.parent !== undefined && !staysAttached(to.parent, world)) return [];
      return [{ sql: `alter index ${nameOf(parent.id)} attach partition ${nameOf(to.id)}` }];
    },
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
  react: (_fact, { how }) => (how === "retyped" ? "keep" : "replace"),
};

function createIndex(fact: Fact, world: World): readonly Draft[] {
  const isNew = fact.parent !== undefined && isComing(world, fact.parent);
  const tablespace = textOf(fact, "tablespace");
  const statement = (fact.statement ?? "").replace(/^CREATE (UNIQUE )?INDEX/, (words) => words.toLowerCase());
  return [
    {
      sql: `${isSet(fact, "invalid") ? statement : withoutOnly(statement)}${tablespace === undefined ? "" : withTablespace(tablespace)}`,
      hazards: isNew ? [] : ["INDEX_BUILD", "SHARE_LOCK"],
    },
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
