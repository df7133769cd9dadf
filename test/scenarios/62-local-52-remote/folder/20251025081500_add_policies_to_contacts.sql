create policy contacts_read on public.contacts for select to authenticated using (owner_id = (select auth.uid()));
