alter table public.tags enable row level security;

create policy tags_for_team on public.tags
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
