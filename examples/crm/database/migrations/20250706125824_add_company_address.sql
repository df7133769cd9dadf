alter table public.companies add column address text, add column city text, add column country text;
