comment on table public.activities is 'What the team knows of its activities; see the handbook.';
