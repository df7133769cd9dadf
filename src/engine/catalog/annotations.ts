import * as z from "zod";
import { sql } from "../database/sql.ts";
import type { Query } from "../ports.ts";
import type { UnmodelledObject } from "../model/catalog.ts";
import { rawAddress, type Address } from "./address.ts";
import { oid } from "./row-fields.ts";

/** One dependency that the server records; a part of an extension counts as the extension. */
export interface Dependency {
  readonly from: Address;
  readonly to: Address;
  /** True for ALTER … DEPENDS ON EXTENSION, which makes an object disappear with an extension that it is no part of. */
  readonly isFollowing: boolean;
}

/** Text that someone put on an object. */
export interface Annotation {
  readonly on: Address;
  readonly text: string;
  /** Of a security label: who gives it a meaning. */
  readonly provider?: string | undefined;
}

/**
 * What is read beside the objects themselves. The parts of extensions are asked for by NOT IN and by index: the planner takes them for
 * one row, and a join would compare each object with each of them.
 */
export const annotations: readonly { readonly name: string; readonly query: Query }[] = [
  {
    name: "dependencies",
    query: sql`
      select
        array[d.classid, d.objid, d.objsubid::oid]
        || coalesce(
          (
            select array[e.refclassid, e.refobjid, 0::oid]
            from pg_catalog.pg_depend e
            where e.classid = d.refclassid
              and e.objid = d.refobjid
              and e.deptype = 'e'
              and e.refclassid = 'pg_catalog.pg_extension'::regclass
          ),
          (
            select array['pg_catalog.pg_type'::regclass::oid, p.range, 0::oid]
            from range_part p
            where p.classid = d.refclassid and p.objid = d.refobjid
          ),
          array[d.refclassid, d.refobjid, d.refobjsubid::oid]
        ) as ends,
        d.deptype = 'x' as is_following
      from pg_catalog.pg_depend d
      where d.objid >= 16384
        and d.deptype in ('n', 'a', 'i', 'P', 'S', 'x')
        and (d.refobjid >= 16384 or d.refclassid in ('pg_catalog.pg_namespace'::regclass, 'pg_catalog.pg_extension'::regclass))
        and (d.classid, d.objid) not in (select e.classid, e.objid from ext e)`,
  },
  {
    name: "comments",
    query: sql`
      select array[d.classoid, d.objoid, d.objsubid::oid] as "on", d.description as text
      from pg_catalog.pg_description d
      where (d.classoid, d.objoid) not in (select e.classid, e.objid from ext e)
        and (d.objoid >= 16384 or (d.classoid = 'pg_catalog.pg_namespace'::regclass and d.objoid in (select ns.oid from ns)))`,
  },
  {
    name: "security_labels",
    query: sql`
      select array[l.classoid, l.objoid, l.objsubid::oid] as "on", l.label as text, l.provider
      from pg_catalog.pg_seclabel l
      where (l.classoid, l.objoid) not in (select e.classid, e.objid from ext e)`,
  },
  {
    name: "unmodelled",
    query: sql`
      select i.type as kind, i.identity as name
      from (
        select 'pg_catalog.pg_class'::regclass::oid as classid, c.oid as objid
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('pg_catalog', 'information_schema')
        union all
        select 'pg_catalog.pg_proc'::regclass, p.oid
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('pg_catalog', 'information_schema')
        union all
        select 'pg_catalog.pg_type'::regclass, t.oid
        from pg_catalog.pg_type t
        join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        where n.nspname in ('pg_catalog', 'information_schema') and t.typrelid = 0 and t.typelem = 0
        union all
        select 'pg_catalog.pg_operator'::regclass, o.oid
        from pg_catalog.pg_operator o
        join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
        where n.nspname in ('pg_catalog', 'information_schema')
        union all
        select 'pg_catalog.pg_largeobject'::regclass, l.oid
        from pg_catalog.pg_largeobject_metadata l
      ) o
      cross join lateral pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
      where o.objid >= 16384
        and (o.classid, o.objid) not in (select e.classid, e.objid from ext e)
        and i.identity is not null
      union all
      select 'privileges of a system relation', c.oid::regclass::text
      from pg_catalog.pg_class c
      left join pg_catalog.pg_init_privs i
        on i.classoid = 'pg_catalog.pg_class'::regclass and i.objoid = c.oid and i.objsubid = 0
      where c.oid < 16384
        and c.relnamespace = 'pg_catalog'::regnamespace
        and c.relacl is not null
        and c.relacl is distinct from i.initprivs
      union all
      select 'privileges of a system function', p.oid::regprocedure::text
      from pg_catalog.pg_proc p
      left join pg_catalog.pg_init_privs i on i.classoid = 'pg_catalog.pg_proc'::regclass and i.objoid = p.oid
      where p.oid < 16384
        and p.pronamespace = 'pg_catalog'::regnamespace
        and p.proacl is not null
        and p.proacl is distinct from i.initprivs`,
  },
];

const place = z.array(oid);

const dependencyRow = z.object({ ends: place, is_following: z.boolean() });

const annotationRow = z.object({ on: place, text: z.string(), provider: z.string().optional() });

const unmodelledRows = z.array(z.object({ kind: z.string(), name: z.string() }));

export function toDependencies(rows: unknown): readonly Dependency[] {
  return z
    .array(dependencyRow)
    .parse(rows)
    .map(({ ends, is_following: isFollowing }) => ({
      from: toAddress(ends.slice(0, 3)),
      to: toAddress(ends.slice(3)),
      isFollowing,
    }));
}

export function toAnnotations(rows: unknown): readonly Annotation[] {
  return z
    .array(annotationRow)
    .parse(rows)
    .map(({ on, text, provider }) => ({ on: toAddress(on), text, provider }));
}

export function toUnmodelled(rows: unknown): readonly UnmodelledObject[] {
  return unmodelledRows.parse(rows);
}

function toAddress([catalog = "", object = "", column = "0"]: readonly string[]): Address {
  return rawAddress(catalog, object, Number(column));
}
