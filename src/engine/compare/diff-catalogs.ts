import type { Catalog, Change, Fact, Json } from "../model/catalog.ts";
import { foldArrayCasts } from "./fold-array-casts.ts";

/** Every difference between two catalogs: what `to` lacks, then what differs, then what only `to` has, each in the order of keys. */
export function diffCatalogs(from: Catalog, to: Catalog): readonly Change[] {
  // One reading is often compared with itself: what the server answered again is not built again.
  if (from.facts === to.facts) return [];
  const removed: Change[] = [];
  const altered: Change[] = [];
  for (const fact of from.facts.values()) {
    const other = to.facts.get(fact.key);
    if (other === undefined) removed.push({ kind: "removed", key: fact.key, fact });
    else altered.push(...diffFacts(fact, other));
  }
  const added = [...to.facts.values()]
    .filter((fact) => !from.facts.has(fact.key))
    .map((fact): Change => ({ kind: "added", key: fact.key, fact }));
  return [removed, altered, added].flatMap((changes) => changes.toSorted(byKey));
}

function diffFacts(from: Fact, to: Fact): readonly Change[] {
  return differingNames(from.attributes, to.attributes)
    .toSorted()
    .map((attribute) => {
      const [before, after] = [from.attributes[attribute], to.attributes[attribute]];
      return { kind: "altered", key: from.key, from, to, attribute, before, after } as const;
    });
}

/** Most facts are the same in both, so that nothing is made of those. */
function differingNames(from: Fact["attributes"], to: Fact["attributes"]): readonly string[] {
  const names: string[] = [];
  for (const name in from) if (!isSame(from[name], to[name])) names.push(name);
  for (const name in to) if (!Object.hasOwn(from, name)) names.push(name);
  return names;
}

function isSame(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (typeof left === "string" && typeof right === "string") return isSameText(left, right);
  if (!isCompound(left) || !isCompound(right) || Array.isArray(left) !== Array.isArray(right)) return false;
  const leftEntries = Object.entries(left);
  const rightMembers = new Map(Object.entries(right));
  return (
    leftEntries.length === rightMembers.size &&
    leftEntries.every(([name, value]) => rightMembers.has(name) && isSame(value, rightMembers.get(name)))
  );
}

/** Texts that the server writes in two ways are one where the difference says nothing. */
function isSameText(left: string, right: string): boolean {
  return (
    left.includes("ARRAY[") && right.includes("ARRAY[") && foldArrayCasts(left) === foldArrayCasts(right)
  );
}

function isCompound(value: Json | undefined): value is Exclude<Json, string | number | boolean | null> {
  return typeof value === "object" && value !== null;
}

/** By code unit, so that the order is the same on every machine. */
function byKey(left: Change, right: Change): number {
  return left.key < right.key ? -1 : Number(left.key > right.key);
}
