alter table public.deals add column archived_at timestamptz;

update public.deals set archived_at = now() where title = 'old;';
