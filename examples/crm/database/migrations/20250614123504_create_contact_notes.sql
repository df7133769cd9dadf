create table public.contact_notes (
  id bigint generated always as identity primary key,
  contact_id bigint not null references public.contacts (id) on delete cascade,
  text text not null,
  created_at timestamptz not null default now()
);

comment on table public.contact_notes is 'What was said with a contact.';
