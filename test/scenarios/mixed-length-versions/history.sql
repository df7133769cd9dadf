create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column statements text[];
alter table supabase_migrations.schema_migrations add column name text;
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20260101', 'day', array['create table public.a (id int)']);
