create policy notes_read on public.notes for select to authenticated using (owner_id = (select auth.uid()));
