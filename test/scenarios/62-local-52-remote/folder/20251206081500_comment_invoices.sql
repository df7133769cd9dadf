comment on table public.invoices is 'What the team knows of its invoices; see the handbook.';
