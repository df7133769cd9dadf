create table public.deal_notes (
  id bigint generated always as identity primary key,
  deal_id bigint not null references public.deals (id) on delete cascade,
  text text not null,
  created_at timestamptz not null default now()
);

comment on table public.deal_notes is 'What was said about a deal.';
