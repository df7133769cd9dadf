alter table public.notes add column archived_at timestamptz;

update public.notes set archived_at = now() where title = 'old;';
