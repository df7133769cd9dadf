create table public.tasks (
  id bigint generated always as identity primary key,
  contact_id bigint not null references public.contacts (id) on delete cascade,
  title text not null,
  due_on date,
  done_at timestamptz,
  created_at timestamptz not null default now()
);

comment on table public.tasks is 'Things to do for a contact.';
