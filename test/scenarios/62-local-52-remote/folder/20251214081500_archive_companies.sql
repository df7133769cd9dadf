alter table public.companies add column archived_at timestamptz;

update public.companies set archived_at = now() where title = 'old;';
