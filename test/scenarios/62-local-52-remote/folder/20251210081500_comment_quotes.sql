comment on table public.quotes is 'What the team knows of its quotes; see the handbook.';
