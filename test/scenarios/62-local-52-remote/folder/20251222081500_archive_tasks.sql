alter table public.tasks add column archived_at timestamptz;

update public.tasks set archived_at = now() where title = 'old;';
