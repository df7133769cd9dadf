create table public.dashboards (id bigint primary key);
