import { sql } from "../database/sql.ts";
import type { Session } from "../ports.ts";

/** What each role is, may be and has set for every database, as one text by its name; belongs to the whole server and to no schema. */
export type RoleStates = ReadonlyMap<string, string>;

const namesRoles = /\b(?:role|user|group|owned)\b/i;

/** The roles that a text names, where it is about roles at all; what it would make is not there yet. */
export async function readRolesNamedIn(session: Session, text: string): Promise<RoleStates> {
  if (!namesRoles.test(text)) return new Map();
  const { rows } = await session.run(sql`
    select
      r.rolname::text as name,
      concat_ws(
        ' ', r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls,
        r.rolconnlimit, r.rolvaliduntil, (
          select s.setconfig::text
          from pg_catalog.pg_db_role_setting s
          where s.setrole = r.oid and s.setdatabase = 0
        ), (
          select string_agg(g.rolname, ',' order by g.rolname)
          from pg_catalog.pg_auth_members m
          join pg_catalog.pg_roles g on g.oid = m.roleid
          where m.member = r.oid
        )
      ) as state
    from pg_catalog.pg_roles r
    where r.rolname !~ '^pg_' and position(lower(r.rolname) in lower(${text})) > 0`);
  return new Map(rows.map((row) => [String(row["name"]), String(row["state"])]));
}
