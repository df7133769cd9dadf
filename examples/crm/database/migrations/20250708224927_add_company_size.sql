alter table public.companies add column size integer check (size > 0);
