import type { Fact } from "../../model/catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";
import { referInGrant, referTo } from "./names.ts";
import type { Alteration, AttributeChange, Decision, Draft } from "./rule.ts";
import { initialPrivileges } from "./initial-privileges.ts";
import { textOf, type World } from "./world.ts";

/** Writes the change of one attribute. */
export type WriteChange = (change: AttributeChange, alteration: Alteration, world: World) => readonly Draft[];

/** What the change of one attribute takes. `with_object`: another statement of the same object or its parts sees to it. */
export type AttributeRule = "replace" | "with_object" | { readonly refuse: string } | WriteChange;

/** Attribute rules by name; a name that ends in `.*` stands for all that begin with what is before the star. */
export type AttributeTable = Readonly<Record<string, AttributeRule>>;

/** Decides and writes alterations from a table of attributes; what the table does not know is refused by name. */
export function alterByAttribute(table: AttributeTable): {
  readonly decide: (alteration: Alteration) => Decision;
  readonly alter: (alteration: Alteration, world: World) => readonly Draft[];
} {
  return {
    decide: ({ changed, to }) => {
      const rules = [...changed.keys()].map((name) => ({ name, rule: findRule(table, name) }));
      const unknown = rules.find(({ rule }) => rule === undefined);
      if (unknown !== undefined)
        return { kind: "refuse", reason: `No rule says how to change "${unknown.name}" of a ${to.kind}.` };
      for (const { rule } of rules)
        if (typeof rule === "object") return { kind: "refuse", reason: rule.refuse };
      return rules.some(({ rule }) => rule === "replace") ? { kind: "replace" } : { kind: "alter" };
    },
    alter: (alteration, world) =>
      [...alteration.changed].flatMap(([name, change]) => {
        const rule = findRule(table, name);
        return typeof rule === "function" ? rule(change, alteration, world) : [];
      }),
  };
}

function findRule(table: AttributeTable, name: string): AttributeRule | undefined {
  const exact = table[name];
  if (exact !== undefined) return exact;
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const rule = table[`${name.slice(0, dot)}.*`];
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** Gives an existing object to its owner. */
export const ownerRule: WriteChange = (change, { to }, world) => {
  const { after: owner } = change;
  if (typeof owner !== "string") return [];
  const parts = [to.key, ...world.from.children(to.key, "column").map((column) => column.key)];
  const isGranted = parts
    .flatMap((key) => world.from.children(key, "grant"))
    .some(({ id }) => id.grantee?.kind === "role" && id.grantee.name === owner);
  return [...(isGranted ? [revokeAll(to, owner)] : []), changeOwner(to, owner)];
};

/** For an object just made: its owner, where that is not the role that made it. */
export function ownerOf(fact: Fact, world: World): readonly Draft[] {
  const owner = textOf(fact, "owner");
  if (owner === undefined || owner === world.currentRole) return [];
  const isGranted = initialPrivileges(fact, world).some(
    ({ grantee }) => grantee.kind === "role" && grantee.name === owner,
  );
  return [...(isGranted ? [revokeAll(fact, owner)] : []), changeOwner(fact, owner)];
}

/** What the owner-to-be was granted would stay beside what it has as the owner. */
function revokeAll(fact: Fact, role: string): Draft {
  return {
    sql: `revoke all on ${referInGrant(fact)} from ${quoteIdentifier(role)}`,
    hazards: ["AUTHZ_UPDATE"],
  };
}

function changeOwner(fact: Fact, owner: string): Draft {
  return { sql: `alter ${referTo(fact)} owner to ${quoteIdentifier(owner)}`, hazards: ["AUTHZ_UPDATE"] };
}

/** The attributes that every object with an owner has. */
export const ownership: AttributeTable = {
  owner: ownerRule,
  ownerLacks: "with_object",
  ownerOptions: "with_object",
  followsExtensions: (change, { to }) => [
    ...followExtensions(to, without(change.before, change.after), "no depends"),
    ...followExtensions(to, without(change.after, change.before), "depends"),
  ],
};

/** For an object just made: the extensions that it is to disappear with. */
export function extensionsOf(fact: Fact): readonly Draft[] {
  return followExtensions(fact, without(fact.attributes["followsExtensions"], undefined), "depends");
}

function followExtensions(fact: Fact, keys: readonly string[], word: string): readonly Draft[] {
  return keys.map((key) => ({
    sql: `alter ${referTo(fact)} ${word} on extension ${key.replace(/^extension /, "")}`,
    place: "late",
  }));
}

function without(keys: unknown, others: unknown): readonly string[] {
  const left = new Set(Array.isArray(others) ? others : []);
  return Array.isArray(keys)
    ? keys.filter((key): key is string => typeof key === "string" && !left.has(key))
    : [];
}
