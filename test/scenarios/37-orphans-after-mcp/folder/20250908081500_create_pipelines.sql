create table public.pipelines (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.pipelines enable row level security;
