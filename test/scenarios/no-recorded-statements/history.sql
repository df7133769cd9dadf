create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column statements text[];
alter table supabase_migrations.schema_migrations add column name text;
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20260101000001', 'null', null),
  ('20260101000002', 'none', '{}'),
  ('20260101000003', 'comments_only', '{}'),
  ('20260101000004', 'fetched_empty', '{}');
create table supabase_migrations.migration_history (
  id bigint generated always as identity primary key,
  kind text not null default 'migration' check (kind in ('migration', 'phase', 'bookkeeping')),
  phase_number text not null,
  phase_name text not null,
  status text not null default 'pending' check (status in ('pending', 'completed', 'error')),
  started_at timestamptz,
  completed_at timestamptz,
  error_message text,
  rollback_sql text,
  rows_affected bigint,
  version text,
  checksum text,
  run_id uuid not null,
  applied_by text,
  duration_ms integer,
  statement_results jsonb not null default '[]',
  created_at timestamptz not null default now()
);
insert into supabase_migrations.migration_history (phase_number, phase_name, status, version, run_id, checksum) values
  ('20260101000004', 'fetched_empty', 'completed', '20260101000004', gen_random_uuid(), 'of the file before it was fetched');
