alter table public.sales add column administrator boolean not null default false;
