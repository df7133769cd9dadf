alter table public.deals add column sales_id bigint references public.sales (id);

create index deals_sales_id_idx on public.deals (sales_id);
