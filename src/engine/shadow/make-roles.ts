import { ident, sql } from "../database/sql.ts";
import type { Catalog, Fact } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import { tryRun } from "./try-run.ts";

/** Makes the roles that the live schema names and the shadow lacks: a role belongs to a whole server, so that files often take it for given. */
export async function makeRoles(session: Session, live: Catalog): Promise<void> {
  const known = new Set(await readRoles(session));
  for (const name of namedRoles(live)) {
    if (known.has(name) || name.startsWith("pg_")) continue;
    // Whether the rights of the role that applies suffice was seen when the files ran.
    const isMade =
      name === live.currentRole &&
      (await tryRun(session, sql`create role ${ident(name)} superuser`)) === undefined;
    if (!isMade) await tryRun(session, sql`create role ${ident(name)}`);
  }
}

/** Makes those of these roles that are not there. */
export async function ensureRoles(session: Session, names: readonly string[]): Promise<void> {
  const known = new Set(await readRoles(session));
  for (const name of names)
    if (!known.has(name) && !name.startsWith("pg_")) await tryRun(session, sql`create role ${ident(name)}`);
}

/** The names of every role of the server. */
export async function readRoles(session: Session): Promise<readonly string[]> {
  const { rows } = await session.run(sql`select rolname from pg_catalog.pg_roles order by rolname`);
  return rows.map((row) => String(row["rolname"]));
}

/** Every role that the live schema names, and who reads it. */
export function namedRoles(live: Catalog): readonly string[] {
  const names = new Set([live.currentRole]);
  for (const fact of live.facts.values()) for (const name of rolesOf(fact)) names.add(name);
  return [...names].toSorted();
}

/** The roles that an object names: its owner, whom it grants to, whom it speaks of. */
export function rolesOf({ id, attributes }: Fact): readonly string[] {
  const { owner, role, roles } = attributes;
  const listed = Array.isArray(roles) ? roles : [];
  const grantee = id.grantee?.kind === "role" ? [id.grantee.name] : [];
  return [...grantee, owner, role, ...listed].filter(
    (name): name is string => typeof name === "string" && name !== "public",
  );
}
