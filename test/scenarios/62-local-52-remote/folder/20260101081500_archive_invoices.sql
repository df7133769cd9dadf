alter table public.invoices add column archived_at timestamptz;

update public.invoices set archived_at = now() where title = 'old;';
