import { changeClasses, classifyChange, type ChangeClass } from "../compare/classify-change.ts";
import type { Change, Fact, FactKey, Json } from "../model/catalog.ts";
import type { SchemaDriftItem } from "../model/report.ts";
import type { Refusal, SchemaChangePlan } from "../plan/schema-change/schema-change.ts";
import type { Fence } from "./fence.ts";

/** Characters of one value in an item; the SQL has it whole. */
const longestValue = 300;

const severities: Readonly<Record<ChangeClass, SchemaDriftItem["severity"]>> = {
  security: "error",
  structural: "error",
  behavioural: "warning",
  cosmetic: "info",
};

/** What the two sides are called in items. */
export interface Sides {
  readonly from: "target" | "live";
  readonly to: "against" | "files";
}

export interface SchemaDrift {
  readonly changes: readonly Change[];
  readonly refusals: readonly Refusal[];
  readonly sides: Sides;
}

/** The differences as items, security first, parts of an object that is missing as a whole left to it. */
export function describeSchemaDrift(
  { changes, refusals, sides }: SchemaDrift,
  fence: Fence,
): readonly SchemaDriftItem[] {
  const reasons = new Map(refusals.map(({ key, reason }) => [key, reason]));
  const whole = new Set(changes.flatMap((change) => (change.kind === "altered" ? [] : [change.key])));
  return changes
    .filter((change) => !isPartOfWhole(change, whole))
    .map((change) => ({ change, changeClass: classifyChange(change) }))
    .toSorted((a, b) => changeClasses.indexOf(a.changeClass) - changeClasses.indexOf(b.changeClass))
    .map(({ change, changeClass }) =>
      describeItem({ change, changeClass, refusal: reasons.get(change.key), sides }, fence),
    );
}

/** SQL that runs as it stands: statements ended, and a commit where what follows needs one. */
export function writeScript({ statements }: SchemaChangePlan): string {
  const lines = statements.map(({ sql, startsNewTransaction }, index) =>
    startsNewTransaction && index > 0 ? `-- What precedes must be committed first.\n${sql};` : `${sql};`,
  );
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** How many items each class has; classes without items are left out. */
export function countClasses(
  items: readonly SchemaDriftItem[],
): Readonly<Partial<Record<ChangeClass, number>>> {
  const counts: Partial<Record<ChangeClass, number>> = {};
  for (const item of items) counts[item.class] = (counts[item.class] ?? 0) + 1;
  return counts;
}

/** A column of a missing table is missing with it; a policy or a grant on it is told by itself no more than the column. */
export function isPartOfWhole(change: Change, whole: ReadonlySet<FactKey>): boolean {
  if (change.kind === "altered") return false;
  const { parent, id } = change.fact;
  return (parent !== undefined && whole.has(parent)) || (id.on !== undefined && whole.has(id.on));
}

interface Item {
  readonly change: Change;
  readonly changeClass: ChangeClass;
  readonly refusal: string | undefined;
  readonly sides: Sides;
}

function describeItem({ change, changeClass, refusal, sides }: Item, fence: Fence): SchemaDriftItem {
  const common = {
    layer: "schema",
    class: changeClass,
    severity: severities[changeClass],
    ...(refusal === undefined ? {} : { no_sql_because: refusal }),
  } as const;
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

function describeFact(fact: Fact, fence: Fence): Pick<SchemaDriftItem, "kind" | "object"> {
  return { kind: fact.kind, object: describeObject(fact.key, fence) };
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
