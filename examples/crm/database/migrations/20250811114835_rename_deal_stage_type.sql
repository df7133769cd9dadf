alter type public.deal_stage rename to opportunity_stage;
