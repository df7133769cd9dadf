import * as z from "zod";
import { sql } from "../../database/sql.ts";
import type { Grantee, ObjectKind } from "../../model/catalog.ts";
import { factKey } from "../../model/catalog.ts";
import { parseAcl, privilegesOf } from "../acl.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { maybeText, oid } from "../row-fields.ts";

const row = z.object({
  extension: oid,
  kind: z.enum(["table", "sequence", "function", "schema", "language"]),
  schema: maybeText,
  name: z.string(),
  signature: maybeText,
  target: z.string(),
  acl: z.array(z.string()),
  initial: z.array(z.string()),
});

/**
 * Privileges on what an extension brought, as far as they are not the ones it brought. The object itself is no fact;
 * `target` is what GRANT and REVOKE call it, and `revoked` marks a privilege that came with the extension and was taken away.
 */
export const memberPrivileges: Family = {
  name: "member_privileges",
  query: sql`
    select
      ext.extension,
      m.kind,
      m.schema,
      m.name,
      m.signature,
      m.target,
      coalesce(m.acl, pg_catalog.acldefault(m.type, m.owner))::text[] as acl,
      coalesce(i.initprivs, pg_catalog.acldefault(m.type, m.owner))::text[] as initial
    from (
      select
        'pg_catalog.pg_class'::regclass::oid as classid,
        c.oid,
        case c.relkind when 'S' then 'sequence' else 'table' end as kind,
        n.nspname as schema,
        c.relname as name,
        null as signature,
        pg_catalog.format('%s %I.%I', case c.relkind when 'S' then 'sequence' else 'table' end, n.nspname, c.relname) as target,
        case c.relkind when 'S' then 's' else 'r' end::"char" as type,
        c.relowner as owner,
        c.relacl as acl
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      union all
      select
        'pg_catalog.pg_proc'::regclass,
        p.oid,
        'function',
        n.nspname,
        p.proname,
        pg_catalog.oidvectortypes(p.proargtypes),
        pg_catalog.format('routine %I.%I(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
        'f',
        p.proowner,
        p.proacl
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      where p.proacl is not null
      union all
      select
        'pg_catalog.pg_namespace'::regclass, n.oid, 'schema', null, n.nspname, null,
        pg_catalog.format('schema %I', n.nspname), 'n', n.nspowner, n.nspacl
      from pg_catalog.pg_namespace n
      union all
      select
        'pg_catalog.pg_language'::regclass, l.oid, 'language', null, l.lanname, null,
        pg_catalog.format('language %I', l.lanname), 'l', l.lanowner, l.lanacl
      from pg_catalog.pg_language l
    ) m
    join ext on ext.classid = m.classid and ext.objid = m.oid
    left join pg_catalog.pg_init_privs i on i.classoid = m.classid and i.objoid = m.oid and i.objsubid = 0
    where m.acl is distinct from i.initprivs`,
  toDrafts: (given) => z.array(row).parse(given).flatMap(toDrafts),
};

function toDrafts(member: z.infer<typeof row>): readonly FactDraft[] {
  const on = factKey({
    kind: member.kind satisfies ObjectKind,
    ...(member.schema === null ? {} : { schema: member.schema }),
    name: member.name,
    ...(member.signature === null ? {} : { signature: member.signature }),
  });
  const toDraft = (
    { grantee, privilege }: { readonly grantee: Grantee; readonly privilege: string },
    attributes: FactDraft["attributes"],
  ): FactDraft => ({
    id: { kind: "grant", name: privilege, on, grantee },
    addresses: [],
    parent: address("pg_extension", member.extension),
    attributes: { target: member.target, ...attributes },
  });
  const actual = privilegesOf(parseAcl(member.acl));
  const initial = privilegesOf(parseAcl(member.initial));
  const granted = [...actual].filter(([key, { grantable }]) => initial.get(key)?.grantable !== grantable);
  const revoked = [...initial].filter(([key]) => !actual.has(key));
  return [
    ...granted.map(([, entry]) => toDraft(entry, { grantable: entry.grantable })),
    ...revoked.map(([, entry]) => toDraft(entry, { revoked: true })),
  ];
}
