create policy tasks_read on public.tasks for select to authenticated using (owner_id = (select auth.uid()));
