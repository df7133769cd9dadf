alter table public.companies add column revenue numeric(14, 2);
