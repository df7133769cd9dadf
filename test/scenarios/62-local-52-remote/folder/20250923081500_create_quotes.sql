create table public.quotes (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.quotes enable row level security;
