create table public.activities (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.activities enable row level security;
