alter table public.opportunities add column lost_reason text;

alter table public.opportunities
  add constraint opportunities_lost_reason_given check (stage <> 'lost' or lost_reason is not null) not valid;
