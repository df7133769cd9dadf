comment on table public.tasks is 'What the team knows of its tasks; see the handbook.';
