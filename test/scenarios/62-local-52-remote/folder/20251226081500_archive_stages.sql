alter table public.stages add column archived_at timestamptz;

update public.stages set archived_at = now() where title = 'old;';
