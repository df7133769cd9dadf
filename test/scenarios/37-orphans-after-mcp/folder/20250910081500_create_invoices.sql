create table public.invoices (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.invoices enable row level security;
