create policy companies_read on public.companies for select to authenticated using (owner_id = (select auth.uid()));
