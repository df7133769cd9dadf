alter table public.companies add column logo_path text;
