alter table public.contacts add column archived_at timestamptz;

update public.contacts set archived_at = now() where title = 'old;';
