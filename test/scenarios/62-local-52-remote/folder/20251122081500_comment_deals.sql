comment on table public.deals is 'What the team knows of its deals; see the handbook.';
