create table public.teams (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.teams enable row level security;
