create policy invoices_read on public.invoices for select to authenticated using (owner_id = (select auth.uid()));
