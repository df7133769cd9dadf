import { changeId } from "../compare/change-id.ts";
import { findConsequences, firstCause } from "../compare/consequences.ts";
import { changeClasses, classifyChange } from "../compare/classify-change.ts";
import type { Change, Fact, Json } from "../model/catalog.ts";
import type { DriftClass, SchemaDriftItem } from "../model/schema-drift-report.ts";
import type { JudgeItem } from "../prove/judge-item.ts";
import type { Refusal } from "../plan/schema-change/schema-change.ts";
import type { NamedCandidate } from "../prove/renames.ts";
import type { Fence } from "./fence.ts";

/** Characters of one value in an item; the SQL has it whole. */
const longestValue = 300;

const severities: Readonly<Record<DriftClass, SchemaDriftItem["severity"]>> = {
  security: "error",
  structural: "error",
  behavioural: "warning",
  cosmetic: "info",
  unmodelled: "warning",
  platform: "info",
};

/** What the two sides are called in items. */
export interface Sides {
  readonly from: "target" | "live";
  readonly to: "against" | "files";
}

export interface SchemaDrift {
  readonly changes: readonly Change[];
  readonly sides: Sides;
  /** Files not applied yet, by the ids of the differences that they explain. */
  readonly explained?: ReadonlyMap<string, string>;
  /** Objects that may have been renamed and about which nobody has said anything. */
  readonly offered?: readonly NamedCandidate[];
  /** Those of them that no script touches. */
  readonly unanswered?: readonly NamedCandidate[];
  /** What a script leaves out, where it was only planned. */
  readonly refusals?: readonly Refusal[];
  /** How the scripts fared on copies, by what they are called; none where none was run. */
  readonly judges?: readonly { readonly script: string; readonly judge: JudgeItem }[];
}

/** The differences as items, security first; what comes of itself with another difference is left to that one's item. */
export function describeSchemaDrift(drift: SchemaDrift, fence: Fence): readonly SchemaDriftItem[] {
  const { changes } = drift;
  const isExplained = (change: Change) => drift.explained?.has(changeId(change)) === true;
  // What somebody added by hand to a table that a pending file makes is drift, and the table is none.
  const causes = new Map(
    [...findConsequences(changes)].filter(([change, cause]) => isExplained(change) === isExplained(cause)),
  );
  const parts = new Map<Change, Change[]>();
  for (const change of causes.keys()) {
    const first = firstCause(change, causes);
    parts.set(first, [...(parts.get(first) ?? []), change]);
  }
  return changes
    .filter((change) => firstCause(change, causes) === change)
    .map((change) => ({ change, changeClass: classifyChange(change) }))
    .toSorted((a, b) => changeClasses.indexOf(a.changeClass) - changeClasses.indexOf(b.changeClass))
    .map(({ change, changeClass }) =>
      describeItem({ change, changeClass, parts: parts.get(change) ?? [], drift }, fence),
    );
}

/** How many items each class has, or stands for; classes without items are left out. */
export function countClasses(
  items: readonly SchemaDriftItem[],
): Readonly<Partial<Record<DriftClass, number>>> {
  const counts: Partial<Record<DriftClass, number>> = {};
  for (const item of items) counts[item.class] = (counts[item.class] ?? 0) + (item.count ?? 1);
  return counts;
}

interface Item {
  readonly change: Change;
  readonly changeClass: DriftClass;
  readonly parts: readonly Change[];
  readonly drift: SchemaDrift;
}

function describeItem(item: Item, fence: Fence): SchemaDriftItem {
  const { change, changeClass, drift } = item;
  const { sides } = drift;
  const file = drift.explained?.get(changeId(change));
  const rest =
    file === undefined
      ? { severity: severities[changeClass], ...describeProof(item, fence) }
      : ({ severity: "info", explained_by: file } as const);
  const common = { layer: "schema", class: changeClass, ...rest } as const;
  switch (change.kind) {
    case "removed":
      return { ...common, change: `only_in_${sides.from}`, ...describeFact(change.fact, fence) };
    case "added":
      return { ...common, change: `only_in_${sides.to}`, ...describeFact(change.fact, fence) };
    case "altered":
      return {
        ...common,
        change: "differs",
        ...describeFact(change.to, fence),
        attribute: change.attribute,
        [`${sides.from}_value`]: describeValue(change.before, fence),
        [`${sides.to}_value`]: describeValue(change.after, fence),
      };
  }
}

type Proof = Pick<SchemaDriftItem, "proved" | "not_proved_because" | "may_be_renamed">;

function describeProof(
  { change, parts, drift }: Pick<Item, "change" | "parts" | "drift">,
  fence: Fence,
): Proof {
  const { key } = change;
  const isOf = ({ from, to }: NamedCandidate) => from === key || to === key;
  const candidate = drift.offered?.find(isOf);
  if (candidate === undefined) return describeOutcome({ change, parts, drift }, fence);
  const other = candidate.from === key ? candidate.to : candidate.from;
  return {
    may_be_renamed: describeObject(other, fence),
    ...(drift.unanswered?.some(isOf) === true
      ? { not_proved_because: "No script touches it until renames says whether it was renamed." }
      : describeOutcome({ change, parts, drift }, fence)),
  };
}

function describeOutcome(
  { change, parts, drift }: Pick<Item, "change" | "parts" | "drift">,
  fence: Fence,
): Proof {
  const { key } = change;
  const { judges = [], refusals = [] } = drift;
  if (judges.length === 0) {
    const refusal = refusals.find((one) => one.key === key);
    return refusal === undefined ? {} : { not_proved_because: refusal.reason };
  }
  const reasons = judges.flatMap(({ script, judge }) => {
    const reason = [change, ...parts].map(judge).find((found) => found !== undefined);
    return reason === undefined ? [] : [`${script}: ${reason}`];
  });
  return reasons.length === 0 ? { proved: true } : { not_proved_because: fence.wrap(reasons.join(" ")) };
}

function describeFact(fact: Fact, fence: Fence): Pick<SchemaDriftItem, "kind" | "object"> {
  return { kind: fact.kind, object: `${sayRevoked(fact)}${describeObject(fact.key, fence)}` };
}

/** A privilege that is usual and was taken away is a fact too, and would read as if it were given. */
export function sayRevoked({ attributes }: Fact): "revoked: " | "" {
  return attributes["revoked"] === true ? "revoked: " : "";
}

/** Quoted names of lower-case words read as well without their quotes; a name that could be a sentence is fenced. */
export function describeObject(key: string, fence: Fence): string {
  const plain = key.replace(/"([a-z_][a-z0-9_]*)"/g, "$1");
  return /^[A-Za-z0-9_.$,()[\]: ]{1,300}$/.test(plain) ? plain : fence.wrap(plain);
}

function describeValue(value: Json | undefined, fence: Fence): string {
  if (value === undefined) return "absent";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return fence.wrap(text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`);
}
