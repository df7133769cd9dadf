alter table public.teams add column owner_id uuid;

create index teams_owner_id_idx on public.teams (owner_id);
