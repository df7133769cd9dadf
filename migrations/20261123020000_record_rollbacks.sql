-- Migration: record_rollbacks
-- Purpose: Say of every applied migration how far its way back is proved, and record what was rolled back.
-- Date: 2026-11-23T02:00:00Z
-- Context: See docs/formats.md.
-- Rollback:
-- alter table supabase_migrations.migration_history drop column rollback_verdict, drop column rollback_details;

alter table supabase_migrations.migration_history
  add column rollback_verdict text
    check (rollback_verdict in ('proven', 'proven_schema_only', 'lossy', 'unproven', 'impossible')),
  add column rollback_details jsonb;

alter table supabase_migrations.migration_history
  drop constraint migration_history_kind_check,
  add constraint migration_history_kind_check
    check (kind in ('migration', 'phase', 'bookkeeping', 'reconcile', 'baseline', 'rollback'));
