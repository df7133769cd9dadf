alter table public.quotes add column owner_id uuid;

create index quotes_owner_id_idx on public.quotes (owner_id);
