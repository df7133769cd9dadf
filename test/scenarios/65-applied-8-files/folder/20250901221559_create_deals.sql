create table public.deals (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.deals enable row level security;
