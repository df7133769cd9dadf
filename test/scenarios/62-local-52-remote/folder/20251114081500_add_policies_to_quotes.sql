create policy quotes_read on public.quotes for select to authenticated using (owner_id = (select auth.uid()));
