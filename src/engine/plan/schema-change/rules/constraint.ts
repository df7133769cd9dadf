import type { Fact, FactKey } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute } from "../attribute-rules.ts";
import { nameOf, ownerNameOf } from "../names.ts";
import { withOptions } from "../options.ts";
import type { SchemaHazard } from "../schema-change.ts";
import type { Draft, Rule } from "../rule.ts";
import { isComing, isGoing, isSet, keyOf, textOf, type World } from "../world.ts";
import { goesWithAbove, joinAbove, takesUpParts, takeUpParts } from "./attached-index.ts";
import { inheritedBy, inheritedFrom, staysAttached, staysBelow } from "./attachment.ts";
import { isInlineCheck } from "./user-type.ts";
import { clusterMark, replicaIdentityMark } from "./index-marks.ts";

/** Constraints of tables and domains, with the index behind them. */
export const constraint: Rule = {
  rank: 70,
  madeWith: (fact, world) => {
    if (fact.parent?.startsWith("domain ") === true && isComing(world, fact.parent))
      return isInlineCheck(fact, world) ? fact.parent : undefined;
    const above = keyOf(fact, "attachedTo");
    if (textOf(fact, "type") === "foreign key") return above;
    return rides(fact, world)?.key;
  },
  droppedWith: (fact, world) => {
    const above = goesWithAbove(fact, world) ?? goesWithForeignKey(fact, world);
    if (above !== undefined) return above;
    const table = fact.parent;
    if (table === undefined || isSet(fact, "local")) return undefined;
    return inheritedFrom(fact, world.from).find(
      (candidate) => isGoing(world, candidate.key) && staysBelow(table, candidate.parent, world),
    )?.key;
  },
  create: createConstraint,
  drop: (fact) => [
    {
      sql: `alter ${parentWords(fact)} drop constraint ${quoteIdentifier(fact.id.name)}`,
      hazards: isKey(fact) ? ["INDEX_DROPPED", "ACCESS_EXCLUSIVE_LOCK"] : ["ACCESS_EXCLUSIVE_LOCK"],
    },
  ],
  decide: (alteration, world) => {
    const decided = attributes.decide(alteration);
    const { changed, to } = alteration;
    if (decided.kind !== "alter") return decided;
    if (changed.get("notValid")?.after === true) return { kind: "replace" };
    const isForeignKey = textOf(to, "type") === "foreign key";
    if (!isForeignKey && (changed.has("deferrable") || changed.has("initiallyDeferred")))
      return { kind: "replace" };
    if (changed.has("notEnforced") && !(isForeignKey && world.serverVersion >= 180_000))
      return { kind: "replace" };
    if ((changed.has("inherited") || changed.has("local")) && isLocalityStuck(alteration.from, to, world))
      return { kind: "replace" };
    return decided;
  },
  alter: (alteration, world) => attributes.alter(alteration, world),
  react: (fact, { how }) => {
    if (how !== "retyped") return "replace";
    // A key's index and a check's text are rebuilt by the server; a foreign key must suit both sides at once.
    return textOf(fact, "type") === "foreign key" ? "replace" : "keep";
  },
};

const attributes = alterByAttribute({
  type: "replace",
  definition: "replace",
  notValid: (_change, { to }) => [
    {
      sql: `alter ${parentWords(to)} validate constraint ${quoteIdentifier(to.id.name)}`,
      hazards: ["TABLE_SCAN"],
    },
  ],
  notEnforced: (change, { to }) => [
    {
      sql: `alter ${parentWords(to)} alter constraint ${quoteIdentifier(to.id.name)} ${change.after === true ? "not enforced" : "enforced"}`,
      hazards: ["TABLE_SCAN"],
    },
  ],
  deferrable: (_change, { to }) => [alterDeferral(to)],
  initiallyDeferred: (_change, { to, changed }) => (changed.has("deferrable") ? [] : [alterDeferral(to)]),
  inherited: "with_object",
  local: "with_object",
  attachedTo: (change, { to }, world) =>
    change.after === undefined || !isKey(to) ? [] : joinAbove(to, world),
  tablespace: (change, { to }) => [
    {
      sql: `alter index ${indexName(to)} set tablespace ${quoteIdentifier(String(change.after ?? "pg_default"))}`,
      hazards: ["ACCESS_EXCLUSIVE_LOCK"],
    },
  ],
  clustered: (change, { to }) => clusterMark(to, change.after === true),
  replicaIdentity: (change, { to }) => (change.after === true ? [replicaIdentityMark(to)] : []),
  "option.*": (change, { to, changed }) => {
    const [name] = [...changed].find(([, candidate]) => candidate === change) ?? [""];
    const option = name.slice("option.".length);
    return [
      {
        sql: `alter index ${indexName(to)} ${change.after === undefined ? `reset (${option})` : `set (${option} = ${String(change.after)})`}`,
      },
    ];
  },
});

function createConstraint(fact: Fact, world: World): readonly Draft[] {
  const isNew = fact.parent !== undefined && isComing(world, fact.parent);
  const takesUp = isKey(fact) && takesUpParts(fact, world);
  const parent = takesUp ? `table only ${ownerNameOf(fact.id)}` : parentWords(fact);
  return [
    {
      sql: `alter ${parent} add constraint ${quoteIdentifier(fact.id.name)} ${withIndexOptions(fact)}`,
      hazards: isNew ? [] : hazardsOf(fact),
    },
    ...(takesUp ? takeUpParts(fact, world) : []),
    ...(isKey(fact) ? joinAbove(fact, world) : []),
    ...(isSet(fact, "notValid") ? validateBelow(fact, world) : []),
    ...(isSet(fact, "clustered") ? clusterMark(fact, true) : []),
    ...(isSet(fact, "replicaIdentity") ? [replicaIdentityMark(fact)] : []),
  ];
}

/** What is not validated above may be so below. */
function validateBelow(fact: Fact, world: World): readonly Draft[] {
  return inheritedBy(fact, world)
    .filter((below) => isSet(below, "inherited") && !isSet(below, "notValid"))
    .map((below) => ({
      sql: `alter ${parentWords(below)} validate constraint ${quoteIdentifier(below.id.name)}`,
      hazards: ["TABLE_SCAN"],
    }));
}

/** The statement's definition, with the index's options and tablespace where the grammar wants them. */
function withIndexOptions(fact: Fact): string {
  const definition = textOf(fact, "definition") ?? "";
  const options = withOptions(fact);
  const tablespace = textOf(fact, "tablespace");
  const written = fact.statement ?? definition;
  if (!written.startsWith(definition) || (options === "" && tablespace === undefined)) return written;
  const hasOptions = / WITH \(/.test(definition);
  const inserted = `${hasOptions ? "" : options}${tablespace === undefined ? "" : ` using index tablespace ${quoteIdentifier(tablespace)}`}`;
  return `${definition}${inserted}${written.slice(definition.length)}`;
}

function hazardsOf(fact: Fact): readonly SchemaHazard[] {
  if (isKey(fact)) return ["INDEX_BUILD", "ACCESS_EXCLUSIVE_LOCK"];
  if (isSet(fact, "notValid") || isSet(fact, "notEnforced")) return [];
  return textOf(fact, "type") === "foreign key"
    ? ["TABLE_SCAN", "SHARE_LOCK"]
    : ["TABLE_SCAN", "ACCESS_EXCLUSIVE_LOCK"];
}

function isKey(fact: Fact): boolean {
  return ["primary key", "unique", "exclusion"].includes(textOf(fact, "type") ?? "");
}

/** The one above that makes it, because the table is there and below it, or is made with INHERITS. */
function rides(fact: Fact, world: World): Fact | undefined {
  const table = fact.parent;
  if (table === undefined || !isSet(fact, "inherited") || isSet(fact, "local") || isKey(fact))
    return undefined;
  const above = inheritedFrom(fact, world.to);
  const isMadeBelow = isComing(world, table) && keyOf(world.to.facts.get(table), "partitionOf") === undefined;
  return isMadeBelow ? above[0] : above.find(({ parent }) => staysBelow(table, parent, world));
}

/** Where a constraint becomes inherited or ceases to be so without the tables being attached or let go. */
function isLocalityStuck(from: Fact, to: Fact, world: World): boolean {
  if (to.parent === undefined || !staysAttached(to.parent, world)) return false;
  return isSet(from, "local") !== isSet(to, "local") || isSet(from, "inherited") !== isSet(to, "inherited");
}

/** Where both tables go, the partitioned table's foreign key takes its partitions' along. */
function goesWithForeignKey(fact: Fact, world: World): FactKey | undefined {
  const above = keyOf(fact, "attachedTo");
  if (above === undefined || textOf(fact, "type") !== "foreign key" || !isGoing(world, above))
    return undefined;
  return fact.parent !== undefined && isGoing(world, fact.parent) ? above : undefined;
}

function alterDeferral(fact: Fact): Draft {
  const words = [
    isSet(fact, "deferrable") ? "deferrable" : "not deferrable",
    ...(isSet(fact, "initiallyDeferred") ? ["initially deferred"] : []),
  ].join(" ");
  return { sql: `alter ${parentWords(fact)} alter constraint ${quoteIdentifier(fact.id.name)} ${words}` };
}

function indexName(fact: Fact): string {
  return nameOf(fact.id);
}

function parentWords(fact: Fact): string {
  const parent: FactKey | "" = fact.parent ?? "";
  const word = parent.startsWith("domain ")
    ? "domain"
    : parent.startsWith("foreign_table ")
      ? "foreign table"
      : "table";
  return `${word} ${ownerNameOf(fact.id)}`;
}
