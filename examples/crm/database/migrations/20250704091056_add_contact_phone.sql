alter table public.contacts add column phone text;
