alter table public.deals add column updated_at timestamptz not null default now();

create trigger deals_touch before update on public.deals
for each row execute function public.touch_updated_at();
