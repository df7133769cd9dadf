create index tasks_due_on_idx on public.tasks (due_on) where done_at is null;
