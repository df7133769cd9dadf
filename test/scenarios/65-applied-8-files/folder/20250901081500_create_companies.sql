create table public.companies (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.companies enable row level security;
