alter table public.pipelines add column archived_at timestamptz;

update public.pipelines set archived_at = now() where title = 'old;';
