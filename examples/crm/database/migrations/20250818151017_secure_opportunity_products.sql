alter table public.opportunity_products enable row level security;

create policy opportunity_products_for_team on public.opportunity_products
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
