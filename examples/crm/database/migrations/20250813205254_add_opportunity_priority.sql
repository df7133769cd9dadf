alter table public.opportunities add column priority smallint not null default 3 check (priority between 1 and 5);
