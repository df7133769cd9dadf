create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column statements text[];
alter table supabase_migrations.schema_migrations add column name text;
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20260101000001', 'one_letter', array['create table public.user (id int)']),
  ('20260101000002', 'comment_only', array['create table public.b (id int)']),
  ('20260101000003', 'crlf_checkout', array['create function public.f() returns int language sql as $$
  select 1; -- one
$$', 'create view public.v as
  select 1']),
  ('20260101000004', 'layout_and_case', array['create table public.d (id int)']),
  ('20260101000005', 'statement_added', array['create table public.a (id int)']),
  ('20260101000006', 'statement_removed', array['create table public.a (id int)', 'drop table public.a']),
  ('20260101000007', 'literal_changed', array['insert into public.a values (''x y'')']),
  ('20260101000008', 'comment_in_literal', array['select ''-- still no comment''']),
  ('20260101000009', 'quoted_case', array['create table public."e" (id int)']),
  ('20260101000010', 'with_mark', array['create table public.c (id int)']),
  ('20260101000011', 'emptied', array['create table public.c (id int)']);
