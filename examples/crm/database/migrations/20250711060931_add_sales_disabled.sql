alter table public.sales add column disabled boolean not null default false;
