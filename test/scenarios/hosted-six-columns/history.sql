create schema supabase_migrations;
create table supabase_migrations.schema_migrations (
  version text not null primary key,
  statements text[],
  name text,
  created_by text,
  idempotency_key text unique,
  rollback text[]
);
insert into supabase_migrations.schema_migrations values
  ('20260101000001', array['create table public.a (id int);'], 'a', 'someone@example.com', 'key-1', array['drop table public.a']),
  ('20260101000003', array['create table public.b (id int);
create table public.c (id int);'], 'b', null, null, null);
