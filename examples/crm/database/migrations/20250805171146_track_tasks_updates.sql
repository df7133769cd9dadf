alter table public.tasks add column updated_at timestamptz not null default now();

create trigger tasks_touch before update on public.tasks
for each row execute function public.touch_updated_at();
