create policy teams_read on public.teams for select to authenticated using (owner_id = (select auth.uid()));
