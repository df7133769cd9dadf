create table public.products (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.products enable row level security;
