alter table public.deal_notes enable row level security;

create policy deal_notes_for_team on public.deal_notes
  for all to authenticated
  using ((select auth.uid()) is not null)
  with check ((select auth.uid()) is not null);
