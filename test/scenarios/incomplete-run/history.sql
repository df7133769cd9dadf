create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column statements text[];
alter table supabase_migrations.schema_migrations add column name text;
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20260101000001', 'a', array['create table public.a (id int)']);
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
insert into supabase_migrations.migration_history
  (phase_number, phase_name, status, version, run_id, checksum, statement_results, error_message) values
  ('20260101000002', 'b', 'pending', '20260101000002', gen_random_uuid(), 'x', '[{"index": 0, "state": "done", "fingerprint": "f", "command": "CREATE TABLE", "rowsAffected": 0, "durationMs": 4}, {"index": 1, "state": "running", "fingerprint": "g", "command": "CREATE INDEX", "rowsAffected": 0, "durationMs": 0}]', null),
  ('20260101000003', 'gone', 'error', '20260101000003', gen_random_uuid(), 'y', '[{"index": 0, "state": "done", "fingerprint": "f", "command": "CREATE TABLE", "rowsAffected": 0, "durationMs": 4}, {"index": 1, "state": "running", "fingerprint": "g", "command": "CREATE INDEX", "rowsAffected": 0, "durationMs": 0}]', 'the server went away'),
  ('20260101000001', 'a', 'error', '20260101000001', gen_random_uuid(), 'z', '[]', 'an earlier attempt at what was applied later');
