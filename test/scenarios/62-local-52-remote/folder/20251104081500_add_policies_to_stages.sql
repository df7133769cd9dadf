create policy stages_read on public.stages for select to authenticated using (owner_id = (select auth.uid()));
