comment on table public.notes is 'What the team knows of its notes; see the handbook.';
