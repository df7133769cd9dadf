alter table public.tags add column owner_id uuid;

create index tags_owner_id_idx on public.tags (owner_id);
