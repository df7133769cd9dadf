import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderTemplate, templateNames, type TemplateName } from "../../../src/engine/files/templates.ts";
import { splitStatements } from "../../../src/engine/sql/split.ts";

const render = (template: TemplateName, name: string, subject?: string, purpose?: string) => {
  const rendered = renderTemplate({
    template,
    name,
    ...(subject === undefined ? {} : { subject }),
    ...(purpose === undefined ? {} : { purpose }),
  });
  if (rendered.kind === "needs_subject") throw new Error(rendered.message);
  return { sql: rendered.sql, rollback: rendered.rollback ?? "" };
};

/** The least of a Supabase project that the templates speak of. */
const project = `
  create role anon; create role authenticated; create role service_role;
  create schema auth;
  create table auth.users (id uuid primary key default gen_random_uuid());
  create function auth.uid() returns uuid language sql stable as $$ select null::uuid $$;
  create schema "Odd schema";
`;

/** What a template may leave: relations, columns, constraints, functions, triggers, policies, comments and rights. */
const catalog = `
  select 'relation ' || oid::regclass || ' ' || relkind::text || coalesce(relacl::text, '') as what from pg_class
    where relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
  union all select 'column ' || attrelid::regclass || '.' || attname || coalesce(col_description(attrelid, attnum), '') from pg_attribute
    where not attisdropped and attnum > 0 and attrelid in (select oid from pg_class where relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace))
  union all select 'function ' || oid::regprocedure || coalesce(proacl::text, '') from pg_proc where pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  union all select 'trigger ' || tgname || tgrelid::regclass from pg_trigger where not tgisinternal
  union all select 'policy ' || polname || polrelid::regclass from pg_policy
  order by 1`;

const tables = `
  create table public.orders (id uuid primary key default gen_random_uuid(), status text default 'new', updated_at timestamptz, created_by uuid, customer_id uuid);
  create table public."user" ("order" text default 'x', id bigint generated always as identity primary key);
  create table "Odd schema"."It's ""odd""" (id int primary key, "Col x" int);
  insert into public.orders (status) select null from generate_series(1, 2500);
  insert into public.orders (status) values ('done');
  insert into "Odd schema"."It's ""odd""" select g, null from generate_series(1, 3) as g;
  alter table public.orders enable row level security;
`;

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
  await db.exec(project);
  await db.exec(tables);
}, 60_000);
afterAll(() => db.close());

const readCatalog = async () => (await db.query<{ what: string }>(catalog)).rows.map(({ what }) => what);
const runAlone = async (sql: string) => {
  for (const { text } of splitStatements(sql)) await db.query(text);
};
const rowsOf = async (table: string) => (await db.query(`select * from ${table} order by id`)).rows;

const odd = `"Odd schema"."It's ""odd"""`;

describe("each template runs as rendered, and its rollback undoes it", () => {
  test.each<[TemplateName, string, string | undefined]>([
    ["table", "create_invoices_table", undefined],
    ["table", "x", `"Odd schema"."Some ""table"""`],
    ["table", "x", "select"],
    ["table", "x", "a".repeat(63)],
    ["table", "x", "größe"],
    ["column", "add_note_to_orders", undefined],
    ["column", "add_supplier_id_to_orders", undefined],
    ["column", "add_is_paid_to_orders", undefined],
    ["column", "add_total_price_to_orders", undefined],
    ["column", "add_shipped_at_to_orders", undefined],
    ["column", "x", `${odd}."New ""col"" 'x'"`],
    ["column", "x", '"user"."table"'],
    ["index", "add_orders_customer_id_index", undefined],
    ["index", "x", '"user"."order"'],
    ["index", "x", `${odd}."Col x"`],
    ["function", "create_order_total_function", undefined],
    ["function", "x", `"Odd schema"."F ""x"""`],
    ["policy", "add_policies_to_orders", undefined],
    ["policy", "x", "orders.created_by"],
    ["trigger", "add_updated_at_trigger_to_orders", undefined],
    ["trigger", "check_orders_trigger", "public.orders"],
    ["trigger", "x", odd],
    ["data", "backfill_orders_status", undefined],
    ["data", "x", '"user"."order"'],
    ["data", "x", `${odd}."Col x"`],
    ["generic", "anything", undefined],
  ])("%s, named %s, about %s", async (template, name, subject) => {
    const { sql, rollback } = render(template, name, subject, 'It\'s a "purpose" with $$ and \\ and é');
    const before = await readCatalog();
    await runAlone(sql);
    const between = await readCatalog();
    if (template !== "generic") expect(between).not.toEqual(before);
    await runAlone(rollback);
    expect(await readCatalog()).toEqual(before);
  });
});

test("the data template fills every empty row in batches, and its rollback empties exactly those", async () => {
  const before = await rowsOf("public.orders");
  const { sql, rollback } = render("data", "backfill_status_on_orders");
  await runAlone(sql);
  expect((await db.query("select 1 from public.orders where status = 'new'")).rows).toHaveLength(2500);
  await runAlone(rollback);
  expect(await rowsOf("public.orders")).toEqual(before);
});

test("a created table lets users work on their own rows only, and keeps updated_at current", async () => {
  const { sql, rollback } = render("table", "create_notes_table");
  await runAlone(sql);
  const { rows } = await db.query<{ cmd: string; roles: string }>(
    "select cmd, roles::text from pg_policies where tablename = 'notes' order by cmd",
  );
  expect(rows).toEqual(
    ["DELETE", "INSERT", "SELECT", "UPDATE"].map((cmd) => ({ cmd, roles: "{authenticated}" })),
  );
  await db.exec(
    "insert into public.notes (updated_at) values ('2000-01-01'); update public.notes set created_by = null;",
  );
  const stale = await db.query("select 1 from public.notes where updated_at < now() - interval '1 day'");
  expect(stale.rows).toEqual([]);
  await runAlone(rollback);
});

test("names are quoted only where they need to be", () => {
  expect(render("index", "x", "orders.customer_id").sql).not.toContain('"');
  expect(render("table", "x", "orders").sql).not.toContain('"');
  expect(render("column", "x", "orders.order").sql).toContain('add column "order" text');
});

describe("the subject", () => {
  test.each<[TemplateName, string, string]>([
    ["table", "create_orders_table", "create table public.orders ("],
    ["table", "orders", "create table public.orders ("],
    ["table", "create_table_orders", "create table public.orders ("],
    ["table", "add_order_items", "create table public.order_items ("],
    ["column", "add_status_to_orders", "alter table public.orders\n  add column status text"],
    ["column", "add_status_column_to_orders_table", "alter table public.orders\n  add column status text"],
    ["column", "add_column_status_to_orders", "alter table public.orders\n  add column status text"],
    ["index", "add_orders_customer_id_index", "on public.orders (customer_id)"],
    ["index", "index_order_items_product_id", "on public.order_items (product_id)"],
    ["index", "add_index_on_orders_customer_id", "on public.orders (customer_id)"],
    ["index", "add_customer_id_index_to_orders", "on public.orders (customer_id)"],
    ["function", "create_order_total_function", "create function public.order_total()"],
    ["policy", "add_rls_policies_to_orders", "alter table public.orders enable"],
    ["policy", "orders_policies", "alter table public.orders enable"],
    ["trigger", "add_updated_at_trigger_to_orders", "before update on public.orders"],
    ["data", "backfill_status_on_orders", "update public.orders as target"],
  ])("of %s is guessed from %s", (template, name, expected) => {
    expect(render(template, name).sql).toContain(expected);
  });

  test.each<[TemplateName, string]>([
    ["table", "create_table"],
    ["column", "add_status"],
    ["column", "more_things"],
    ["index", "add_index"],
    ["function", "add_function"],
    ["policy", "add_rls_policies"],
    ["trigger", "add_trigger"],
    ["data", "backfill"],
  ])("of %s is asked for where %s does not say it", (template, name) => {
    const rendered = renderTemplate({ template, name });
    expect(rendered).toMatchObject({ kind: "needs_subject" });
    expect("message" in rendered ? rendered.message : "").toContain("subject");
  });

  test.each([
    "",
    ".",
    "a..b",
    "a.",
    ".a",
    "a.b.c.d",
    "a b",
    "a;drop table b",
    "a\0",
    '"a',
    '""',
    "a'--",
    "x".repeat(64),
    "1a",
  ])("%j is none for any template", (subject) => {
    for (const template of templateNames.filter((name) => name !== "generic")) {
      expect(renderTemplate({ template, name: "add_a_to_bs", subject }).kind).toBe("needs_subject");
    }
  });
});

test("the data template changes a thousand rows at a time at most", async () => {
  await db.exec(`
    create table public.batch_sizes (id serial primary key, size int);
    create function public.note_batch() returns trigger language plpgsql as $$
      begin insert into public.batch_sizes (size) select count(*) from changed; return null; end $$;
    create trigger note_batch after update on public.orders
      referencing new table as changed for each statement execute function public.note_batch();
  `);
  const { sql, rollback } = render("data", "backfill_status_on_orders");
  await runAlone(sql);
  const { rows } = await db.query<{ size: number }>("select size from public.batch_sizes order by id");
  expect(rows.map(({ size }) => size)).toEqual([1000, 1000, 500]);
  await runAlone(rollback);
  await db.exec("drop table public.batch_sizes; drop function public.note_batch() cascade;");
});
