create table public.tasks (
  id bigint generated always as identity primary key,
  title text not null,
  due_on date
);

alter table public.tasks enable row level security;
