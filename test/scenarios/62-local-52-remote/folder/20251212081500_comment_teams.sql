comment on table public.teams is 'What the team knows of its teams; see the handbook.';
