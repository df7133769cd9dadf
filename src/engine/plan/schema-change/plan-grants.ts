import type { Change, Fact, FactKey, Grantee } from "../../model/catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";
import { initialPrivileges, type Grant } from "./initial-privileges.ts";
import { referInGrant } from "./names.ts";
import type { Draft } from "./rule.ts";
import { isComing, listOf, textOf, type Side, type World } from "./world.ts";

/** What it takes to give one object the privileges it has in the second catalog. */
export interface ObjectGrants {
  readonly object: Fact;
  readonly drafts: readonly Draft[];
}

/** Plans grants object by object, since what an object starts with depends on how it comes about. */
export function planGrants(world: World, changes: readonly Change[]): readonly ObjectGrants[] {
  const touched = new Set<FactKey>();
  for (const change of changes) {
    if (change.kind === "altered" && change.attribute.startsWith("owner")) touched.add(change.key);
    const fact = change.kind === "altered" ? change.to : change.fact;
    if (fact.kind === "grant" && fact.id.on !== undefined) touched.add(fact.id.on);
  }
  for (const key of world.intents.keys()) {
    const object = world.to.facts.get(key);
    if (object !== undefined && isComing(world, key) && mayBeGranted(object, world)) touched.add(key);
  }
  const revoked = new Map<FactKey, ReadonlySet<string>>();
  const planned: ObjectGrants[] = [];
  for (const key of withColumns(touched, world)) {
    const object = world.to.facts.get(key);
    if (object === undefined || !mayBeGranted(object, world)) continue;
    const lost =
      (object.kind === "column" && object.parent !== undefined && revoked.get(object.parent)) || new Set();
    const target = [...grantsOn(world.to, object)];
    const current = currentGrants(object, world).filter((grant) => !lost.has(grantId(grant)));
    const taken = current.filter((grant) => !target.some((other) => grantId(other) === grantId(grant)));
    revoked.set(key, new Set(taken.map(grantId)));
    const drafts = [
      ...writeOwner(object, world),
      ...writeRevokes(object, taken),
      ...writeRevokedOptions(object, current, target),
      ...writeGrants(object, missing(current, target)),
    ];
    if (drafts.length > 0) planned.push({ object, drafts });
  }
  return planned;
}

/** False for what nobody has or gets any privilege on: most of a schema. */
function mayBeGranted(object: Fact, world: World): boolean {
  if (object.kind !== "column" && textOf(object, "owner") !== undefined) return true;
  return [world.from, world.to].some((side) => side.children(object.key, "grant").length > 0);
}

/** Tables before their columns, since what a table loses its columns lose too. */
function withColumns(keys: ReadonlySet<FactKey>, world: World): readonly FactKey[] {
  const all = new Set([...keys].toSorted());
  const columns = [...all].flatMap((key) => world.to.children(key, "column")).map((column) => column.key);
  const isColumn = (key: FactKey): boolean => world.to.facts.get(key)?.kind === "column";
  return [
    ...[...all].filter((key) => !isColumn(key)),
    ...new Set([...[...all].filter(isColumn), ...columns]),
  ];
}

function grantsOn(side: Side, object: Fact): readonly Grant[] {
  return (
    side
      .children(object.key, "grant")
      // Those on a part of an extension or a range's constructor are planned by themselves (plan-target-grants.ts).
      .filter((grant) => textOf(grant, "target") === undefined)
      .flatMap(({ id, attributes }) =>
        id.grantee === undefined
          ? []
          : [{ grantee: id.grantee, privilege: id.name, grantable: attributes["grantable"] === true }],
      )
  );
}

function currentGrants(object: Fact, world: World): readonly Grant[] {
  const owner = textOf(object, "owner");
  const grants = isComing(world, object.key)
    ? initialPrivileges(object, world)
    : grantsOn(world.from, object);
  return grants.filter(({ grantee }) => grantee.kind === "everyone" || grantee.name !== owner);
}

function missing(current: readonly Grant[], target: readonly Grant[]): readonly Grant[] {
  const has = new Map(current.map((grant) => [grantId(grant), grant.grantable]));
  return target.filter((grant) => {
    const grantable = has.get(grantId(grant));
    return grantable === undefined || (grant.grantable && !grantable);
  });
}

function writeOwner(object: Fact, world: World): readonly Draft[] {
  const owner = textOf(object, "owner");
  if (owner === undefined) return [];
  const before = isComing(world, object.key) ? [] : listOf(world.from.facts.get(object.key), "ownerLacks");
  const after = listOf(object, "ownerLacks");
  const self: Grantee = { kind: "role", name: owner };
  const lost = after.filter((privilege) => !before.includes(privilege));
  const given = before.filter((privilege) => !after.includes(privilege));
  const hadOptions = isComing(world, object.key)
    ? []
    : listOf(world.from.facts.get(object.key), "ownerOptions");
  const options = listOf(object, "ownerOptions");
  const keptBack = hadOptions.filter((privilege) => !options.includes(privilege));
  const toGrants = (privileges: readonly string[], grantable = false): readonly Grant[] =>
    privileges.map((privilege) => ({ grantee: self, privilege, grantable }));
  return [
    ...writeRevokes(object, toGrants(lost)),
    ...writeGrants(object, toGrants(given)),
    ...writeRevokedOptions(object, toGrants(keptBack, true), toGrants(keptBack)),
    ...writeGrants(
      object,
      toGrants(
        options.filter((privilege) => !hadOptions.includes(privilege)),
        true,
      ),
    ),
  ];
}

function writeRevokes(object: Fact, grants: readonly Grant[]): readonly Draft[] {
  return groupByGrantee(grants).map(({ grantee, privileges }) =>
    write(`revoke ${name(object, privileges)} from ${describe(grantee)}`),
  );
}

function writeRevokedOptions(
  object: Fact,
  current: readonly Grant[],
  target: readonly Grant[],
): readonly Draft[] {
  const wanted = new Map(target.map((grant) => [grantId(grant), grant.grantable]));
  const reduced = current.filter((grant) => grant.grantable && wanted.get(grantId(grant)) === false);
  return groupByGrantee(reduced).map(({ grantee, privileges }) =>
    write(`revoke grant option for ${name(object, privileges)} from ${describe(grantee)}`),
  );
}

function writeGrants(object: Fact, grants: readonly Grant[]): readonly Draft[] {
  return [false, true].flatMap((grantable) =>
    groupByGrantee(grants.filter((grant) => grant.grantable === grantable)).map(({ grantee, privileges }) =>
      write(
        `grant ${name(object, privileges)} to ${describe(grantee)}${grantable ? " with grant option" : ""}`,
      ),
    ),
  );
}

function write(sql: string): Draft {
  return { sql, hazards: ["AUTHZ_UPDATE"] };
}

function groupByGrantee(
  grants: readonly Grant[],
): readonly { readonly grantee: Grantee; readonly privileges: readonly string[] }[] {
  const groups = new Map<string, { readonly grantee: Grantee; readonly privileges: string[] }>();
  for (const { grantee, privilege } of grants) {
    const group = groups.get(JSON.stringify(grantee)) ?? { grantee, privileges: [] };
    group.privileges.push(privilege.toLowerCase());
    groups.set(JSON.stringify(grantee), group);
  }
  return [...groups.values()];
}

/** Privileges and object, such as `select, insert on table "public"."orders"`. */
function name(object: Fact, privileges: readonly string[]): string {
  const column = object.kind === "column" ? ` (${quoteIdentifier(object.id.name)})` : "";
  const listed = privileges.toSorted().map((privilege) => privilege + column);
  return `${listed.join(", ")} on ${referInGrant(object)}`;
}

function describe(grantee: Grantee): string {
  return grantee.kind === "everyone" ? "public" : quoteIdentifier(grantee.name);
}

function grantId({ grantee, privilege }: Grant): string {
  return JSON.stringify([grantee, privilege]);
}
