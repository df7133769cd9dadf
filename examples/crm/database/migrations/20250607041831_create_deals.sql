create table public.deals (
  id bigint generated always as identity primary key,
  company_id bigint not null references public.companies (id),
  name text not null,
  stage text not null default 'lead',
  amount numeric(12, 2),
  created_at timestamptz not null default now()
);

comment on table public.deals is 'Chances to sell something.';
