create table public.organisations (id bigint primary key, name text);
