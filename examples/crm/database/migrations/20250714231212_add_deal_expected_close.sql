alter table public.deals add column expected_close_on date;
