create index deals_stage_idx on public.deals (stage);
