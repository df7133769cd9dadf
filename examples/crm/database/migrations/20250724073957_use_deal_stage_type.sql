alter table public.deals alter column stage drop default;
alter table public.deals alter column stage type public.deal_stage using stage::public.deal_stage;
alter table public.deals alter column stage set default 'lead';
