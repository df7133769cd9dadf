alter table public.contacts add column birthday date;
