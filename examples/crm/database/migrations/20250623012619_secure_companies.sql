alter table public.companies enable row level security;

create policy companies_for_team on public.companies
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
