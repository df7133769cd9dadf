create policy products_read on public.products for select to authenticated using (owner_id = (select auth.uid()));
