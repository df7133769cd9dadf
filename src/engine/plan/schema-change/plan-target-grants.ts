import type { Change, Fact, FactKey, Grantee } from "../../model/catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";
import { initialPrivileges, type Grant } from "./initial-privileges.ts";
import { ofDatabase } from "./names.ts";
import type { Draft } from "./rule.ts";
import { constructorsOf } from "./rules/user-type.ts";
import { isComing, isGoing, isSet, textOf, type World } from "./world.ts";

/** Privileges on what is no object of the catalog, such as a built-in language, a part of an extension, a range's constructor or the database: named by `target`. */
export interface TargetGrants {
  /** The grant, or what several are on. */
  readonly subject: FactKey;
  /** What it is a part of. */
  readonly parent: FactKey | undefined;
  /** True where it is named as it is called before its parent changes. */
  readonly isBeforeParent: boolean;
  readonly drafts: readonly Draft[];
}

/** Plans them one by one as they differ, and all of them where what they are parts of is made. */
export function planTargetGrants(world: World, changes: readonly Change[]): readonly TargetGrants[] {
  const made = [...world.intents.keys()]
    .filter((key) => isComing(world, key))
    .map((key) => world.to.facts.get(key));
  return [
    ...made.flatMap((fact) => (fact?.kind === "range" ? grantConstructors(fact, world) : [])),
    ...made.flatMap((fact) => (fact?.kind === "extension" ? grantMembers(fact, world) : [])),
    ...changes.flatMap((change) => planChange(change, world)),
  ];
}

/** A constructor starts with what default privileges give to functions. */
function grantConstructors(range: Fact, world: World): readonly TargetGrants[] {
  const initial = initialPrivileges({ ...range, kind: "function" }, world).map((grant): Grant => ({
    ...grant,
    privilege: grant.privilege.toLowerCase(),
  }));
  const everyones: Grant = { grantee: { kind: "everyone" }, privilege: "execute", grantable: false };
  return constructorsOf(range).flatMap(({ key, target }) => {
    const own = targetGrantsOf(range, world).filter(({ id }) => id.on === key);
    const wanted = own.flatMap((fact) => (isSet(fact, "revoked") ? [] : [toGrant(fact)]));
    if (!own.some((fact) => isSet(fact, "revoked"))) wanted.push(everyones);
    const drafts = [
      ...initial.filter((grant) => !wanted.some((other) => isSame(grant, other))).map(writeRevoke(target)),
      ...wanted.filter((grant) => !initial.some((other) => isSame(grant, other))).map(writeGrant(target)),
    ];
    return drafts.length === 0 ? [] : [{ subject: key, parent: range.key, isBeforeParent: false, drafts }];
  });
}

function grantMembers(extension: Fact, world: World): readonly TargetGrants[] {
  return targetGrantsOf(extension, world).map((grant) => ({
    subject: grant.key,
    parent: extension.key,
    isBeforeParent: false,
    drafts: [give(grant)],
  }));
}

function planChange(change: Change, world: World): readonly TargetGrants[] {
  const grant = change.kind === "altered" ? change.to : change.fact;
  if (grant.kind !== "grant" || textOf(grant, "target") === undefined) return [];
  const { key: subject, parent } = grant;
  if (parent !== undefined && (isGoing(world, parent) || isComing(world, parent))) return [];
  return [{ subject, parent, isBeforeParent: change.kind === "removed", drafts: writeChange(change, grant) }];
}

function writeChange(change: Change, grant: Fact): readonly Draft[] {
  if (change.kind === "removed") return [takeBack(grant)];
  const isReduced =
    change.kind === "altered" && change.attribute === "grantable" && !isSet(grant, "grantable");
  return isReduced ? [undoOption(grant)] : [give(grant)];
}

function give(fact: Fact): Draft {
  return isSet(fact, "revoked") ? revoke(fact) : grantTo(fact);
}

function takeBack(fact: Fact): Draft {
  return isSet(fact, "revoked") ? grantTo(fact) : revoke(fact);
}

function grantTo(fact: Fact): Draft {
  return writeGrant(textOf(fact, "target") ?? "")(toGrant(fact));
}

function revoke(fact: Fact): Draft {
  return writeRevoke(textOf(fact, "target") ?? "")(toGrant(fact));
}

function undoOption(fact: Fact): Draft {
  const { privilege, grantee } = toGrant(fact);
  return write(
    `revoke grant option for ${privilege}`,
    textOf(fact, "target") ?? "",
    `from ${describe(grantee)}`,
  );
}

function writeGrant(target: string): (grant: Grant) => Draft {
  return ({ grantee, privilege, grantable }) =>
    write(`grant ${privilege}`, target, `to ${describe(grantee)}${grantable ? " with grant option" : ""}`);
}

function writeRevoke(target: string): (grant: Grant) => Draft {
  return ({ grantee, privilege }) => write(`revoke ${privilege}`, target, `from ${describe(grantee)}`);
}

function write(what: string, target: string, whom: string): Draft {
  const sql =
    target === "database" ? ofDatabase(`${what} on database `, ` ${whom}`) : `${what} on ${target} ${whom}`;
  return { sql, hazards: ["AUTHZ_UPDATE"] };
}

function targetGrantsOf(parent: Fact, world: World): readonly Fact[] {
  return world.to.children(parent.key, "grant").filter((grant) => textOf(grant, "target") !== undefined);
}

/** The privilege as GRANT writes it, with the column that it is on. */
function toGrant(fact: Fact): Grant {
  const column = textOf(fact, "column");
  return {
    grantee: fact.id.grantee ?? { kind: "everyone" },
    privilege: `${fact.id.name.toLowerCase()}${column === undefined ? "" : ` (${quoteIdentifier(column)})`}`,
    grantable: isSet(fact, "grantable"),
  };
}

function isSame(one: Grant, other: Grant): boolean {
  return (
    one.grantable === other.grantable &&
    one.privilege === other.privilege &&
    describe(one.grantee) === describe(other.grantee)
  );
}

function describe(grantee: Grantee): string {
  return grantee.kind === "role" ? quoteIdentifier(grantee.name) : "public";
}
