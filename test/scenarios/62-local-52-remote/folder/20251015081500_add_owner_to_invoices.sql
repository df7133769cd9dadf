alter table public.invoices add column owner_id uuid;

create index invoices_owner_id_idx on public.invoices (owner_id);
