alter table public.contacts add column owner_id uuid;

create index contacts_owner_id_idx on public.contacts (owner_id);
