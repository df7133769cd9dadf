alter table public.deals rename to opportunities;
alter index public.deals_company_id_idx rename to opportunities_company_id_idx;
alter index public.deals_stage_idx rename to opportunities_stage_idx;
