alter table public.notes add column owner_id uuid;

create index notes_owner_id_idx on public.notes (owner_id);
