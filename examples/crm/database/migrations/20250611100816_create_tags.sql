create table public.tags (
  id bigint generated always as identity primary key,
  name text not null,
  color text not null default 'grey',
  created_at timestamptz not null default now()
);

comment on table public.tags is 'Labels for contacts.';
