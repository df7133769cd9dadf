import * as z from "zod";
import { sql } from "../database/sql.ts";
import type { RelationName } from "../model/relation-name.ts";
import type { Session } from "../ports.ts";

const tableShape = z.object({
  schema: z.string(),
  name: z.string(),
  bytes: z.number(),
  columns: z.array(z.string()),
  keys: z.array(z.string()),
  triggers: z.array(z.string()),
  sequences: z.array(z.object({ name: z.string(), at: z.string() })),
});

/** A table from which something will be taken: its size, columns that can be written, primary key, enabled triggers and sequences. */
export type TakenTable = z.infer<typeof tableShape>;

/** The table that a name stands for, with what its rows need to come back; undefined where it is none. */
export async function readTakenTable(
  session: Session,
  relation: RelationName | undefined,
): Promise<TakenTable | undefined> {
  if (relation === undefined) return undefined;
  const { schema, name } = relation;
  const text = [schema, name]
    .flatMap((part) => (part === undefined ? [] : [`"${part.replaceAll('"', '""')}"`]))
    .join(".");
  const { rows } = await session.run(sql`
    select json_build_object(
      'schema', n.nspname,
      'name', c.relname,
      'bytes', pg_catalog.pg_table_size(c.oid) + (
        select coalesce(sum(pg_catalog.pg_table_size(t.relid)), 0)
        from pg_catalog.pg_partition_tree(c.oid) t
        where t.relid <> c.oid
      ),
      'columns', (
        select coalesce(json_agg(a.attname order by a.attnum), '[]')
        from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      ),
      'keys', (
        select coalesce(json_agg(a.attname), '[]')
        from pg_catalog.pg_constraint k
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey)
        where k.conrelid = c.oid and k.contype = 'p'
      ),
      'triggers', (
        select coalesce(json_agg(t.tgname), '[]')
        from pg_catalog.pg_trigger t
        where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled = 'O'
      ),
      'sequences', (
        select coalesce(json_agg(json_build_object('name', format('%I.%I', s.schemaname, s.sequencename), 'at', s.last_value::text)), '[]')
        from pg_catalog.pg_depend d
        join pg_catalog.pg_class q on q.oid = d.objid and q.relkind = 'S'
        join pg_catalog.pg_namespace qn on qn.oid = q.relnamespace
        join pg_catalog.pg_sequences s on s.schemaname = qn.nspname and s.sequencename = q.relname
        where d.refclassid = 'pg_catalog.pg_class'::regclass
          and d.refobjid = c.oid
          and d.deptype in ('a', 'i')
          and s.last_value is not null
      )
    ) as relation
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.oid = pg_catalog.to_regclass(${text})
      and c.relkind in ('r', 'p')
      and c.relpersistence <> 't'`);
  const found: unknown = rows[0]?.["relation"];
  return found === undefined ? undefined : tableShape.parse(found);
}
