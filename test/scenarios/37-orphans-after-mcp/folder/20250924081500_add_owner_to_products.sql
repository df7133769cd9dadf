alter table public.products add column owner_id uuid;

create index products_owner_id_idx on public.products (owner_id);
