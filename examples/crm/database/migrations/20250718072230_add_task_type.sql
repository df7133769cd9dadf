alter table public.tasks add column type text not null default 'call';
