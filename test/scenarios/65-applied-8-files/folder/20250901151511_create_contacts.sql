-- Migration: create contacts
-- Rollback: drop table public.contacts;

create table public.contacts (
  id bigint generated always as identity primary key,
  title text not null
);

/* see the handbook */
alter table public.contacts enable row level security;
