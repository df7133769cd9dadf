create table public.contacts (
  id bigint generated always as identity primary key,
  company_id bigint references public.companies (id),
  first_name text,
  last_name text not null,
  email text,
  created_at timestamptz not null default now()
);

comment on table public.contacts is 'People at companies.';
