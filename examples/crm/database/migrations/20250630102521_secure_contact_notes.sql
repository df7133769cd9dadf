alter table public.contact_notes enable row level security;

create policy contact_notes_for_team on public.contact_notes
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
