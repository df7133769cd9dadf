import { ident, sql } from "../database/sql.ts";
import type { Session } from "../ports.ts";
import { tryRun } from "./try-run.ts";

interface Membership {
  readonly role: string;
  readonly member: string;
}

interface RoleSetting {
  readonly role: string;
  readonly name: string;
  readonly value: string;
}

/** What a file can change of a server outside its database's catalog: who owns the database, who is member of what, which role has which settings. */
export interface RoleFacts {
  readonly databaseOwner: string;
  readonly memberships: readonly Membership[];
  readonly settings: readonly RoleSetting[];
}

/** Reads them as they are now. */
export async function readRoleFacts(session: Session): Promise<RoleFacts> {
  const owner = await session.run(sql`
    select pg_catalog.pg_get_userbyid(datdba) as owner
    from pg_catalog.pg_database
    where datname = pg_catalog.current_database()`);
  const memberships = await session.run(sql`
    select distinct pg_catalog.pg_get_userbyid(roleid) as role, pg_catalog.pg_get_userbyid(member) as member
    from pg_catalog.pg_auth_members`);
  const settings = await session.run(sql`
    select pg_catalog.pg_get_userbyid(s.setrole) as role, pg_catalog.split_part(c, '=', 1) as name,
      pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1) as value
    from pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
    where s.setrole <> 0 and s.setdatabase = 0`);
  return {
    databaseOwner: String(owner.rows[0]?.["owner"]),
    memberships: memberships.rows.map((row) => ({
      role: String(row["role"]),
      member: String(row["member"]),
    })),
    settings: settings.rows.map((row) => ({
      role: String(row["role"]),
      name: String(row["name"]),
      value: String(row["value"]),
    })),
  };
}

/** Puts back what differs for the roles that are ours; those that are new since go with all of theirs elsewhere. */
export async function restoreRoleFacts(
  session: Session,
  before: RoleFacts,
  isOurs: (role: string) => boolean,
): Promise<void> {
  const found = ofRoles(before, isOurs);
  const now = ofRoles(await readRoleFacts(session), isOurs);
  const { rows } = await session.run(sql`select pg_catalog.current_database() as name`);
  const database = ident(String(rows[0]?.["name"]));
  if (now.databaseOwner !== found.databaseOwner)
    await tryRun(session, sql`alter database ${database} owner to ${ident(found.databaseOwner)}`);
  for (const { role, member } of missing(now.memberships, found.memberships))
    await tryRun(session, sql`revoke ${ident(role)} from ${ident(member)} cascade`);
  for (const { role, member } of missing(found.memberships, now.memberships))
    await tryRun(session, sql`grant ${ident(role)} to ${ident(member)}`);
  for (const { role, name } of missing(now.settings, found.settings))
    await tryRun(session, sql`alter role ${ident(role)} reset ${ident(name)}`);
  for (const { role, name, value } of missing(found.settings, now.settings)) {
    await tryRun(session, sql`select pg_catalog.set_config(${name}, ${value}, false)`);
    await tryRun(session, sql`alter role ${ident(role)} set ${ident(name)} from current`);
  }
  await session.run(sql`reset all`);
}

function ofRoles(
  { databaseOwner, memberships, settings }: RoleFacts,
  isOurs: (role: string) => boolean,
): RoleFacts {
  return {
    databaseOwner,
    memberships: memberships.filter(({ role, member }) => isOurs(role) && isOurs(member)),
    settings: settings.filter(({ role }) => isOurs(role)),
  };
}

function missing<T>(from: readonly T[], among: readonly T[]): readonly T[] {
  const known = new Set(among.map((one) => JSON.stringify(one)));
  return from.filter((one) => !known.has(JSON.stringify(one)));
}
