comment on table public.pipelines is 'What the team knows of its pipelines; see the handbook.';
