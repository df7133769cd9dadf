comment on table public.stages is 'What the team knows of its stages; see the handbook.';
