alter table public.sales enable row level security;

create policy sales_for_team on public.sales
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
