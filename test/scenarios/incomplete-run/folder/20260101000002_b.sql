create table public.b (id int);
create index concurrently b_id_idx on public.b (id);
