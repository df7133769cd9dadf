alter table public.deal_notes rename to opportunity_notes;
alter table public.opportunity_notes rename column deal_id to opportunity_id;
