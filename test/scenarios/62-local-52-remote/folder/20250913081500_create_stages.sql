create table public.stages (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.stages enable row level security;
