create policy pipelines_read on public.pipelines for select to authenticated using (owner_id = (select auth.uid()));
