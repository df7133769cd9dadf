create policy deals_read on public.deals for select to authenticated using (owner_id = (select auth.uid()));
