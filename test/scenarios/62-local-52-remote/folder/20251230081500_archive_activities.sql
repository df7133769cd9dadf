alter table public.activities add column archived_at timestamptz;

update public.activities set archived_at = now() where title = 'old;';
