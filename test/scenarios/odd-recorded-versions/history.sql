create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column statements text[];
alter table supabase_migrations.schema_migrations add column name text;
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20260101000001', 'a', array['create table public.a (id int)']),
  ('zz-manual', 'by_hand', array['select 1']),
  ('', 'blank', array['select 2']),
  ('1 or 1=1', 'spaced', array['select 3']),
  ('99999999999999999999999', 'huge', array['select 4']);
