create policy tags_read on public.tags for select to authenticated using (owner_id = (select auth.uid()));
