comment on table public.products is 'What the team knows of its products; see the handbook.';
