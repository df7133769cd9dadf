create table public.contact_tags (
  contact_id bigint not null references public.contacts (id) on delete cascade,
  tag_id bigint not null references public.tags (id) on delete cascade,
  primary key (contact_id, tag_id)
);

create index contact_tags_tag_id_idx on public.contact_tags (tag_id);
