alter table public.companies add column owner_id uuid;

create index companies_owner_id_idx on public.companies (owner_id);
