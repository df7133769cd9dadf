create index tasks_contact_id_idx on public.tasks (contact_id);
