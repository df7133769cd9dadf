comment on table public.tags is 'What the team knows of its tags; see the handbook.';
