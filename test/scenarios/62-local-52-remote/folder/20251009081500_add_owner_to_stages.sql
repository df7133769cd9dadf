alter table public.stages add column owner_id uuid;

create index stages_owner_id_idx on public.stages (owner_id);
