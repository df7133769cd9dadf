alter table public.tags add column archived_at timestamptz;

update public.tags set archived_at = now() where title = 'old;';
