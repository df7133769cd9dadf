comment on table public.companies is 'What the team knows of its companies; see the handbook.';
