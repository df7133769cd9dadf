alter table public.tags add constraint tags_name_key unique (name);
