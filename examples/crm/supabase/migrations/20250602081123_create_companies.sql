create table public.companies (
  id bigint generated always as identity primary key,
  name text not null,
  sector text,
  website text,
  created_at timestamptz not null default now()
);

comment on table public.companies is 'Organisations that we sell to.';
