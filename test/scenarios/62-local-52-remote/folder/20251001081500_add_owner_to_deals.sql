alter table public.deals add column owner_id uuid;

create index deals_owner_id_idx on public.deals (owner_id);
