alter table public.tasks enable row level security;

create policy tasks_for_team on public.tasks
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
