alter table public.companies add column updated_at timestamptz not null default now();

create trigger companies_touch before update on public.companies
for each row execute function public.touch_updated_at();
