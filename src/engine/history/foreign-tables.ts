import { ident, sql } from "../database/sql.ts";
import type { Reader } from "../ports.ts";

/** One row of another tool's record of what has run, as it is. */
export interface ForeignRow {
  /** `schema.table`. */
  readonly table: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What another program's table of the name of ours is called once ours takes its place; it is read like any other then. */
export const setAsideName = "migration_history_before_godwit";

/** A record of more rows is no migration table of a project. */
const mostRows = 5_000;
const mostTables = 10;

/**
 * Reads the tables in which other tools, or a project's own scripts, keep which migrations have run: `_migrations`, `migration_history`, and
 * what migration tools make. The platform's own and Godwit's are left out, and so is what this role may not read.
 */
export async function readForeignRecords(session: Reader): Promise<readonly ForeignRow[]> {
  const { rows: tables } = await session.run(foreignTables);
  const found: ForeignRow[] = [];
  for (const row of tables) {
    const [schema, name] = [String(row["schema_name"]), String(row["table_name"])];
    const { rows } = await session.run(sql`
      select to_jsonb(t) as fields
      from ${ident(schema, name)} t
      limit ${mostRows}`);
    for (const { fields } of rows) {
      if (isRecord(fields)) found.push({ table: `${schema}.${name}`, fields });
    }
  }
  return found;
}

/** Names that migration tools give their table, and those that projects' own scripts do. */
const foreignTables = sql`
  select n.nspname as schema_name, c.relname as table_name
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and (
      c.relname ~ '^_*(schema_|db_)?migrations?(_history|_log|s)?$'
      or c.relname ~ '^(knex|pg|prisma|drizzle|typeorm|sequelize|dbmate|goose|mcp|app)_?(db_)?(migrations|version)$'
      or c.relname in (
        '_prisma_migrations', '__drizzle_migrations', 'pgmigrations', 'flyway_schema_history', 'SequelizeMeta',
        ${setAsideName}
      )
    )
    and n.nspname !~ '^pg_'
    and n.nspname not in (
      'information_schema', 'auth', 'storage', 'realtime', '_realtime', 'supabase_functions', '_analytics',
      '_supavisor', 'pgbouncer', 'vault', 'graphql', 'graphql_public', 'net', 'cron', 'extensions'
    )
    and not (n.nspname = 'supabase_migrations' and c.relname = 'schema_migrations')
    and not exists (
      select from pg_catalog.pg_attribute a
      where a.attrelid = c.oid
        and a.attname = 'statement_results'
    )
    and has_schema_privilege(n.oid, 'usage')
    and has_table_privilege(c.oid, 'select')
  order by n.nspname, c.relname
  limit ${mostTables}`;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
