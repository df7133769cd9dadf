-- Migration: create_migration_history
-- Purpose: Record what Godwit ran: one row a migration or phase, with its outcome, its way back and what each statement did.
-- Date: 2026-11-23T00:00:00Z
-- Context: Lives beside the Supabase CLI's table because that schema is left out of diffs, pulls and dumps (docs/formats.md).
-- Rollback:
-- drop table supabase_migrations.migration_history;

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

create index migration_history_version_idx on supabase_migrations.migration_history (version);

create unique index migration_history_bookkeeping_key
  on supabase_migrations.migration_history (version) where kind = 'bookkeeping';

comment on table supabase_migrations.migration_history is 'What Godwit ran; see docs/formats.md in the package godwit.';
