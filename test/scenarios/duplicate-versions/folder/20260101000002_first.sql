create table public.b (id int);
create table public.c (id int);
