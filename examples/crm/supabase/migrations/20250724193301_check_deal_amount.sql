alter table public.deals add constraint deals_amount_not_negative check (amount > 0);
