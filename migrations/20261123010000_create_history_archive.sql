-- Migration: create_history_archive
-- Purpose: Keep every history row that reconcile_history or create_baseline replaced, and record those runs.
-- Date: 2026-11-23T01:00:00Z
-- Context: Nothing is deleted; see docs/formats.md.
-- Rollback:
-- drop table supabase_migrations.migration_history_archive;

create table supabase_migrations.migration_history_archive (
  id bigint generated always as identity primary key,
  source text not null check (source in ('schema_migrations', 'migration_history')),
  change text not null check (change in ('removed', 'replaced')),
  version text,
  old_row jsonb not null,
  reason text not null,
  run_id uuid not null,
  plan_id text not null,
  archived_by text not null,
  archived_at timestamptz not null default now()
);

comment on table supabase_migrations.migration_history_archive is 'History rows that Godwit replaced; see docs/formats.md in the package godwit.';

alter table supabase_migrations.migration_history
  drop constraint migration_history_kind_check,
  add constraint migration_history_kind_check
    check (kind in ('migration', 'phase', 'bookkeeping', 'reconcile', 'baseline'));
