import { withClient } from "../drift/run-script.ts";

/** A digest of every table's rows, in whatever order they and their columns stand, and of where every sequence stands, by name. */
export async function readRows(url: string): Promise<Readonly<Record<string, string>>> {
  return withClient(url, async (client) => {
    await client.unsafe("set row_security = off");
    const relations = await client<{ name: string; kind: string }[]>`
      select c.oid::regclass::text as name, c.relkind::text as kind
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm', 'S')
        and c.relpersistence <> 't'
        and (c.relkind <> 'm' or c.relispopulated)
        and n.nspname not in ('pg_catalog', 'information_schema', 'supabase_migrations')
        and n.nspname !~ '^pg_toast'
      order by 1`;
    const found: Record<string, string> = {};
    for (const { name, kind } of relations) {
      const question =
        kind === "S"
          ? `select last_value || ' ' || is_called as rows from ${name}`
          : `select count(*) || ' ' || md5(coalesce(string_agg(j, ',' order by j), '')) as rows
             from (select to_jsonb(t)::text as j from ${kind === "m" ? "" : "only "}${name} t) each`;
      const [row] = await client.unsafe<{ rows: string }[]>(question);
      found[name] = row?.rows ?? "";
    }
    return found;
  });
}
