alter table public.activities add column owner_id uuid;

create index activities_owner_id_idx on public.activities (owner_id);
