alter table public.pipelines add column owner_id uuid;

create index pipelines_owner_id_idx on public.pipelines (owner_id);
