create table public.sales (
  id bigint generated always as identity primary key,
  user_id uuid references auth.users (id),
  first_name text not null,
  last_name text not null,
  created_at timestamptz not null default now()
);

comment on table public.sales is 'Members of the sales team.';
