import type postgres from "postgres";
import { toSqlFailure, type Answer, type FakeRequest, type FakeSettings } from "./management-answers.ts";

/** Endpoints 1 to 6, on the six-column table that hosted projects have. */
export async function answerMigrations(
  settings: FakeSettings,
  sql: postgres.Sql,
  request: FakeRequest,
): Promise<Answer> {
  const { method, path } = request;
  if (settings.isGated === true)
    return { status: 401, body: { message: "Migrations endpoint is not generally available yet" } };
  if (settings.isStudio === true && ["PUT", "PATCH", "DELETE"].includes(method))
    return { status: 405, body: { error: { message: `Method ${method} Not Allowed` } } };
  const version = /^\/database\/migrations\/(\d+)$/.exec(path)?.[1];
  if (version !== undefined) return answerOne(sql, request, version);
  switch (method) {
    case "GET":
      return { status: 200, body: await listEntries(sql) };
    case "POST":
    case "PUT":
      return write(settings, sql, request);
    case "DELETE":
      return rollBack(sql, request.search.get("gte") ?? "");
    default:
      return { status: 404, body: { message: `Cannot ${method} ${path}` } };
  }
}

async function listEntries(sql: postgres.Sql): Promise<unknown> {
  await ensureTable(sql);
  return sql`select version, name from supabase_migrations.schema_migrations order by version`;
}

async function answerOne(sql: postgres.Sql, { method, body }: FakeRequest, version: string): Promise<Answer> {
  await ensureTable(sql);
  if (method === "PATCH") {
    const [name, rollback] = [body["name"], body["rollback"]].map((text) =>
      text === undefined ? null : String(text),
    );
    await sql`
      update supabase_migrations.schema_migrations
      set name = coalesce(${name ?? null}, name),
        rollback = case when ${rollback ?? null}::text is null then rollback else array[${rollback ?? null}::text] end
      where version = ${version}`;
    return { status: 200, body: {} };
  }
  const [row] = await sql`select * from supabase_migrations.schema_migrations where version = ${version}`;
  return row === undefined
    ? { status: 404, body: { message: "Migration not found" } }
    : { status: 200, body: row };
}

/** Runs (POST) or only records (PUT); the same Idempotency-Key is tracked once. */
async function write(settings: FakeSettings, sql: postgres.Sql, request: FakeRequest): Promise<Answer> {
  const { method, body, headers } = request;
  const query = String(body["query"] ?? "");
  const key = headers["idempotency-key"];
  await ensureTable(sql);
  const entry = {
    version: versionNow(settings.clock ?? "24h"),
    name: body["name"] === undefined ? null : String(body["name"]),
    key: typeof key === "string" ? key : null,
    rollback: body["rollback"] === undefined ? null : String(body["rollback"]),
  };
  try {
    await sql.begin(async (transaction) => {
      if (method === "POST") await transaction.unsafe(query).simple();
      if (settings.tracksMigrations === false) return;
      await transaction`
        insert into supabase_migrations.schema_migrations (version, name, statements, idempotency_key, rollback)
        values (
          ${entry.version}, ${entry.name}, array[${query}], ${entry.key},
          case when ${entry.rollback}::text is null then null else array[${entry.rollback}::text] end
        )
        on conflict (idempotency_key) do nothing`;
    });
  } catch (error) {
    return toSqlFailure(error, query, "Failed to apply database migration");
  }
  return { status: 200, body: method === "POST" ? [] : {} };
}

/** Runs what each entry keeps as its way back, the newest first, and removes the entries. */
async function rollBack(sql: postgres.Sql, gte: string): Promise<Answer> {
  if (!/^\d+$/.test(gte))
    return { status: 400, body: { message: "gte: Invalid string: must match pattern /^\\d+$/" } };
  await ensureTable(sql);
  await sql.begin(async (transaction) => {
    const entries = await transaction<{ version: string; rollback: string[] | null }[]>`
      select version, to_json(rollback) as rollback from supabase_migrations.schema_migrations
      where version >= ${gte} order by version desc`;
    for (const { version, rollback } of entries) {
      for (const statement of (rollback ?? []).toReversed()) await transaction.unsafe(statement).simple();
      await transaction`delete from supabase_migrations.schema_migrations where version = ${version}`;
    }
  });
  return { status: 200, body: {} };
}

function versionNow(clock: "24h" | "12h"): string {
  const digits = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  if (clock === "24h") return digits;
  const hour = Number(digits.slice(8, 10)) % 12 || 12;
  return `${digits.slice(0, 8)}${String(hour).padStart(2, "0")}${digits.slice(10)}`;
}

async function ensureTable(sql: postgres.Sql): Promise<void> {
  await sql
    .unsafe(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (
      version text primary key, statements text[], name text, created_by text, idempotency_key text unique, rollback text[]
    )`)
    .simple();
}
