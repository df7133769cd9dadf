alter table public.deals enable row level security;

create policy deals_for_team on public.deals
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
