comment on table public.contacts is 'What the team knows of its contacts; see the handbook.';
