-- Migration: add_phase_progress
-- Purpose: Keep how far the batches of a phase have come, and what an adopted phase was before.
-- Date: 2026-11-23T03:20:00Z
-- Context: Written in the same transaction as each batch; see docs/formats.md.
-- Rollback:
-- alter table supabase_migrations.migration_history drop column progress;

alter table supabase_migrations.migration_history add column progress jsonb;

create index migration_history_phase_idx
  on supabase_migrations.migration_history (phase_number) where kind = 'phase';
