-- Migration: use_answers_once
-- Purpose: A person's yes to one change of rows goes for one change, whichever of several servers it reaches.
-- Date: 2026-11-23T04:00:00Z
-- Context: Written in the transaction of the change itself; see docs/formats.md.
-- Rollback:
-- drop table supabase_migrations.used_answer;

create table supabase_migrations.used_answer (
  id uuid primary key,
  used_at timestamptz not null default now()
);

comment on table supabase_migrations.used_answer is 'Answers of persons to Godwit that were used; see docs/formats.md in the package godwit.';
