import type { AccessChange, AccessMatrix, AccessRow } from "../model/effects.ts";

/** What changed between two matrices: first what is gained, then what decides access, then what is lost with an object that stays. */
export function compareAccess(before: AccessMatrix, after: AccessMatrix): readonly AccessChange[] {
  const staying = new Set(after.attributes.map(({ object }) => object));
  const owned = new Set(before.attributes.map(({ object }) => object));
  const lost = subtract(before.privileges, after.privileges).filter(
    ({ object }) => staying.has(object) || !owned.has(object),
  );
  return [
    ...group("gained", subtract(after.privileges, before.privileges)),
    ...alterations(before.attributes, after.attributes),
    ...group("lost", lost),
  ];
}

function subtract(from: readonly AccessRow[], rows: readonly AccessRow[]): readonly AccessRow[] {
  const known = new Set(rows.map(keyOf));
  return from.filter((row) => !known.has(keyOf(row)));
}

function keyOf({ object, subject, value }: AccessRow): string {
  return JSON.stringify([object, subject, value]);
}

/** Objects on which the same roles changed in the same privileges are one change. */
function group(kind: "gained" | "lost", rows: readonly AccessRow[]): readonly AccessChange[] {
  const byObject = collect(rows, ({ object }) => object);
  const perObject = [...byObject].flatMap(([object, ofObject]) => {
    const byRole = [...collect(ofObject, ({ subject }) => subject)].map(([role, ofRole]) => ({
      object,
      role,
      privileges: ofRole.map(({ value }) => value).toSorted(),
    }));
    return [...collect(byRole, ({ privileges }) => privileges.join(", ")).values()].map((alike) => ({
      object,
      roles: alike.map(({ role }) => role).toSorted(),
      privileges: alike[0]?.privileges ?? [],
    }));
  });
  const alike = collect(perObject, ({ roles, privileges }) => JSON.stringify([roles, privileges]));
  return [...alike.values()].map((each) => ({
    kind,
    roles: each[0]?.roles ?? [],
    privileges: each[0]?.privileges ?? [],
    objects: each.map(({ object }) => object).toSorted(),
  }));
}

/** What is new has its owner and its row security from the start; of a new role, what it is more than a role is told. */
function alterations(before: readonly AccessRow[], after: readonly AccessRow[]): readonly AccessChange[] {
  const then = new Map(before.map((row) => [JSON.stringify([row.object, row.subject]), row.value]));
  return after.flatMap(({ object, subject: attribute, value }) => {
    const isPower = object.startsWith("role ") && value === "true" && attribute !== "inherits";
    const old = then.get(JSON.stringify([object, attribute])) ?? (isPower ? "false" : undefined);
    if (old === undefined || old === value) return [];
    return [{ kind: "altered", object, attribute, before: old, after: value } as const];
  });
}

function collect<T>(items: readonly T[], keyOfItem: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const found = groups.get(key);
    if (found === undefined) groups.set(key, [item]);
    else found.push(item);
  }
  return groups;
}
