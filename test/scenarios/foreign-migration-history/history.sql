create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column statements text[];
alter table supabase_migrations.schema_migrations add column name text;
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20260101000001', 'a', array['create table public.a (id int)']);
create table supabase_migrations.migration_history (
  id bigint generated always as identity primary key,
  phase_number text,
  phase_name text,
  status text default 'pending',
  rows_affected bigint
);
insert into supabase_migrations.migration_history (phase_number, phase_name, status) values
  ('20250127_consolidation', 'Fresh Schema', 'rolled_back'), ('1.1', 'Import', 'in_progress');
