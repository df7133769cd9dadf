alter table public.contacts enable row level security;

create policy contacts_for_team on public.contacts
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
