alter table public.contacts add column title text;
