alter table public.tasks add column owner_id uuid;

create index tasks_owner_id_idx on public.tasks (owner_id);
