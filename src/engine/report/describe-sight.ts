import type { Change, FactKey, Json } from "../model/catalog.ts";
import type { AccessChange } from "../model/effects.ts";
import { describeObject, sayRevoked } from "./describe-schema-drift.ts";
import type { Fence } from "./fence.ts";
import { listFew } from "../model/list-few.ts";

/** Objects that one line names; the rest is counted. */
const mostNamed = 5;

/** Characters of one value; the migration has it whole. */
const longestValue = 120;

/** Changes worth a line of their own: not the parts of what comes or goes as a whole, nor the contents of an extension. */
export function selectSchemaChanges(changes: readonly Change[]): readonly Change[] {
  const whole = new Set<FactKey>(
    changes.flatMap((change) => (change.kind === "altered" ? [] : [change.key])),
  );
  return changes.filter((change) => {
    const { provenance, kind } = change.kind === "altered" ? change.to : change.fact;
    const isContent = provenance.startsWith("extension:") && kind !== "extension";
    return !isContent && !isPartOfWhole(change, whole);
  });
}

/** A column of a missing table is missing with it; a policy or a grant on it is told by itself no more than the column. */
function isPartOfWhole(change: Change, whole: ReadonlySet<FactKey>): boolean {
  if (change.kind === "altered") return false;
  const { parent, id } = change.fact;
  return [parent, id.on].some((key) => key !== undefined && whole.has(key));
}

/** One change of the schema in words; what lies where the platform keeps its own is said to. */
export function describeSchemaChange(change: Change, onPlatform: ReadonlySet<FactKey>, fence: Fence): string {
  const whose = onPlatform.has(change.key) ? " (in a schema of the platform)" : "";
  const fact = change.kind === "altered" ? change.to : change.fact;
  const object = `${sayRevoked(fact)}${describeKey(change.key, fence)}${whose}`;
  switch (change.kind) {
    case "added":
      return `added: ${object}`;
    case "removed":
      return `removed: ${object}`;
    case "altered": {
      const [before, after] = [change.before, change.after].map((value) => describeValue(value, fence));
      return `altered: ${object}, ${change.attribute}: ${before} → ${after}`;
    }
  }
}

/** A privilege's name is no name that somebody chose. */
function describeKey(key: FactKey, fence: Fence): string {
  const [, privilege, rest] = /^grant "([A-Z ]+)" (on .*)$/s.exec(key) ?? [];
  if (privilege === undefined || rest === undefined) return describeObject(key, fence);
  return `grant ${privilege} ${describeObject(rest, fence)}`;
}

function describeValue(value: Json | undefined, fence: Fence): string {
  if (value === undefined) return "absent";
  if (typeof value === "string")
    return value.length > longestValue
      ? fence.wrap(`${value.slice(0, longestValue)}…`)
      : fence.wrapName(value);
  const text = JSON.stringify(value);
  return typeof value === "object" ? fence.wrap(text.slice(0, longestValue)) : text;
}

/** One change of who may do what, in words. */
export function describeAccessChange(change: AccessChange, fence: Fence): string {
  if (change.kind === "altered") {
    const { object, attribute, before, after } = change;
    return `${describeSubject(object, fence)}, ${attribute}: ${describeSubject(before, fence)} → ${describeSubject(after, fence)}`;
  }
  const { kind, roles, privileges, objects } = change;
  const named = listFew(objects, mostNamed, (object) => describeSubject(object, fence));
  const verb =
    kind === "gained" ? (roles.length === 1 ? "gains" : "gain") : roles.length === 1 ? "loses" : "lose";
  return `${roles.join(", ")} ${verb} ${privileges.join(", ")} on ${named}`;
}

/** A kind and a name, or a list of names, as long as nothing in it could read as a sentence. */
export function describeSubject(text: string, fence: Fence): string {
  return /^(?:(?:materialized |foreign |new )?[a-z]+ )?[\w.$(),[\]-]+(?:, ?[\w.$()[\]-]+)*$/.test(text) ||
    /^[a-z ]{1,30}$/.test(text) ||
    /^new [a-z]+ of [\w-]+(?: in schema [\w-]+)?$/.test(text)
    ? text
    : fence.wrap(text);
}
