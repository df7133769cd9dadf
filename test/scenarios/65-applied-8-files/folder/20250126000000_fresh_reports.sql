create table public.reports (id bigint primary key);
