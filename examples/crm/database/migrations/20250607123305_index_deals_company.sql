create index deals_company_id_idx on public.deals (company_id);
