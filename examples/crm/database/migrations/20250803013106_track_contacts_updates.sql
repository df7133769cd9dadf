alter table public.contacts add column updated_at timestamptz not null default now();

create trigger contacts_touch before update on public.contacts
for each row execute function public.touch_updated_at();
