import type { Node } from "../sql/parse.ts";
import { isRecord, namesOf, walkTree } from "../sql/walk-tree.ts";
import { granteesOf, isOpenRole } from "./grants.ts";
import { openLedger } from "./ledger.ts";
import type { LiveSchema } from "./live-schema.ts";
import { keyOf, partsOfObject, toName, type Name } from "./names.ts";
import type { LockedBefore, Profile } from "./profile.ts";
import type { StatementView } from "./statement-view.ts";
import { isSlow, stronglyLocked } from "./strong-locks.ts";

/** Reads a migration once. */
export function profileOf(views: readonly StatementView[], live: LiveSchema | undefined): Profile {
  const { locks, slow, lockedBefore } = readLocks(views, live);
  return {
    locks,
    slow,
    lockedBefore,
    hasLocks: locks.some((names) => names.length > 0),
    hasSlow: slow.includes(true),
    ...readControl(views),
    revokesFunctions: views.some(({ node }) => revokesFunctions(node)),
    naming: indexNames(views),
  };
}

function readLocks(
  views: readonly StatementView[],
  live: LiveSchema | undefined,
): Pick<Profile, "locks" | "slow" | "lockedBefore"> {
  const made = openLedger();
  const locks: (readonly Name[])[] = [];
  const slow: boolean[] = [];
  const lockedBefore: LockedBefore[] = [];
  const locked = new Set<string>();
  let first: Name | undefined;
  for (const view of views) {
    lockedBefore.push({ first, count: locked.size });
    const names = stronglyLocked(view.node, { made, live });
    locks.push(names);
    slow.push(isSlow(view.node, { made, live }));
    for (const name of names) locked.add(keyOf(name));
    first ??= names[0];
    made.write(view);
  }
  return { locks, slow, lockedBefore };
}

function readControl(
  views: readonly StatementView[],
): Pick<Profile, "isInBlock" | "isWrapped" | "transactional"> {
  const own = views.filter(({ place }) => place === "file");
  const commands = own.flatMap(({ classification: { control, command } }) =>
    control === undefined ? [] : [command],
  );
  const isPair = /^(?:BEGIN|START TRANSACTION),COMMIT$/.test(commands.slice(0, 3).join(","));
  let isOpen = false;
  const isInBlock = views.map(({ classification: { control } }) => {
    const before = isOpen;
    if (control === "BEGIN" || control === "START TRANSACTION") isOpen = true;
    if (control === "COMMIT" || control === "ROLLBACK") isOpen = false;
    return before;
  });
  return {
    isInBlock,
    isWrapped: isPair && own.at(-1)?.classification.command === "COMMIT",
    transactional: own.filter(
      ({ classification: { transaction, kind } }) =>
        transaction !== "forbidden" && kind !== "session_state" && kind !== "transaction_control",
    ).length,
  };
}

function revokesFunctions(node: Node): boolean {
  if (!("GrantStmt" in node) || node.GrantStmt.is_grant === true) return false;
  const { targtype, objtype = "", grantees } = node.GrantStmt;
  const isWhole = targtype === "ACL_TARGET_ALL_IN_SCHEMA" && /ROUTINE|FUNCTION/.test(objtype);
  return isWhole && granteesOf(grantees).some(isOpenRole);
}

function indexNames(views: readonly StatementView[]): (key: string) => readonly number[] {
  const positions = new Map<string, number[]>();
  for (const [position, { node }] of views.entries()) {
    for (const key of new Set(namedBy(node))) {
      const list = positions.get(key);
      if (list === undefined) positions.set(key, [position]);
      else list.push(position);
    }
  }
  return (key) => positions.get(key) ?? [];
}

const NAME_LISTS = ["funcname", "typeName", "domainname", "defnames", "objname"];

/** Every relation, routine and type that a definition is about; what its inside reads counts too, and does no harm. */
function namedBy(node: Node): readonly string[] {
  const keys: string[] = [];
  if ("DropStmt" in node)
    for (const object of node.DropStmt.objects ?? []) {
      const parts = partsOfObject(object);
      // A policy or a trigger is named behind its table.
      keys.push(keyOf(toName(parts)), keyOf(toName(parts.slice(0, -1))));
    }
  if ("CreatePublicationStmt" in node) keys.push(keyOf({ name: node.CreatePublicationStmt.pubname ?? "" }));
  if ("InsertStmt" in node) return keys;
  walkTree({ node }, (kind, fields) => {
    if (typeof fields["relname"] === "string")
      keys.push(keyOf(toName([...textOf(fields["schemaname"]), fields["relname"]])));
    if (kind !== "CreateFunctionStmt" && kind !== "GrantStmt" && !kind.endsWith("Stmt") && kind !== "func")
      return;
    for (const list of NAME_LISTS) {
      const names = namesOf(fields[list]);
      if (names.length > 0) keys.push(keyOf(toName(names)));
    }
    for (const object of Array.isArray(fields["objects"]) ? fields["objects"] : [])
      if (isRecord(object) && isRecord(object["ObjectWithArgs"]))
        keys.push(keyOf(toName(namesOf(object["ObjectWithArgs"]["objname"]))));
  });
  return keys;
}

function textOf(value: unknown): readonly string[] {
  return typeof value === "string" ? [value] : [];
}
