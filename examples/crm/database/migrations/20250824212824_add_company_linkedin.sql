alter table public.companies add column linkedin_url text;
