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
  kind: z.enum([
    "table",
    "column",
    "sequence",
    "function",
    "base_type",
    "schema",
    "language",
    "foreign_data_wrapper",
    "server",
  ]),
  schema: maybeText,
  within: maybeText,
  name: z.string(),
  signature: maybeText,
  target: z.string(),
  acl: z.array(z.string()),
  initial: z.array(z.string()),
});

/**
 * Privileges on what an extension brought, as far as they are not the ones it brought. The object itself is no fact;
 * `target` is what GRANT and REVOKE call it, with `column` where it is one of a table, and `revoked` marks a privilege that came with the extension and was taken away.
 */
export const memberPrivileges: Family = {
  name: "member_privileges",
  query: sql`
    select
      (select ext.extension from ext where ext.classid = m.classid and ext.objid = m.oid) as extension,
      m.kind,
      m.schema,
      m.within,
      m.name,
      m.signature,
      m.target,
      coalesce(m.acl, pg_catalog.acldefault(m.type, m.owner), '{}')::text[] as acl,
      coalesce(i.initprivs, pg_catalog.acldefault(m.type, m.owner), '{}')::text[] as initial
    from (
      select
        'pg_catalog.pg_class'::regclass::oid as classid,
        c.oid,
        0 as objsubid,
        null as within,
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
        'pg_catalog.pg_class'::regclass, c.oid, a.attnum, c.relname, 'column', n.nspname, a.attname, null,
        pg_catalog.format('table %I.%I', n.nspname, c.relname), 'c', c.relowner, a.attacl
      from pg_catalog.pg_attribute a
      join pg_catalog.pg_class c on c.oid = a.attrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where a.attacl is not null and not a.attisdropped
      union all
      select
        'pg_catalog.pg_type'::regclass, t.oid, 0, null, 'base_type', n.nspname, t.typname, null,
        pg_catalog.format('type %I.%I', n.nspname, t.typname), 'T', t.typowner, t.typacl
      from pg_catalog.pg_type t
      join pg_catalog.pg_namespace n on n.oid = t.typnamespace
      where t.typacl is not null
      union all
      select
        'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 0, null, 'foreign_data_wrapper', null, w.fdwname, null,
        pg_catalog.format('foreign data wrapper %I', w.fdwname), 'F', w.fdwowner, w.fdwacl
      from pg_catalog.pg_foreign_data_wrapper w
      union all
      select
        'pg_catalog.pg_foreign_server'::regclass, v.oid, 0, null, 'server', null, v.srvname, null,
        pg_catalog.format('foreign server %I', v.srvname), 'S', v.srvowner, v.srvacl
      from pg_catalog.pg_foreign_server v
      union all
      select
        'pg_catalog.pg_proc'::regclass,
        p.oid,
        0,
        null,
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
        'pg_catalog.pg_namespace'::regclass, n.oid, 0, null, 'schema', null, n.nspname, null,
        pg_catalog.format('schema %I', n.nspname), 'n', n.nspowner, n.nspacl
      from pg_catalog.pg_namespace n
      union all
      select
        'pg_catalog.pg_language'::regclass, l.oid, 0, null, 'language', null, l.lanname, null,
        pg_catalog.format('language %I', l.lanname), 'l', l.lanowner, l.lanacl
      from pg_catalog.pg_language l
    ) m
    left join pg_catalog.pg_init_privs i on i.classoid = m.classid and i.objoid = m.oid and i.objsubid = m.objsubid
    where m.acl is distinct from i.initprivs
      and case when (m.classid, m.oid) in (select e.classid, e.objid from ext e) then true end`,
  toDrafts: (given) => z.array(row).parse(given).flatMap(toDrafts),
};

function toDrafts(member: z.infer<typeof row>): readonly FactDraft[] {
  const on = factKey({
    kind: member.kind satisfies ObjectKind,
    ...(member.schema === null ? {} : { schema: member.schema }),
    ...(member.within === null ? {} : { within: member.within }),
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
    attributes: {
      target: member.target,
      column: member.kind === "column" ? member.name : undefined,
      ...attributes,
    },
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
