create policy activities_read on public.activities for select to authenticated using (owner_id = (select auth.uid()));
