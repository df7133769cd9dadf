alter table public.contact_tags enable row level security;

create policy contact_tags_for_team on public.contact_tags
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
