alter table public.deals add column archived_at timestamptz;
