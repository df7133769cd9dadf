alter table public.contact_notes add column sales_id bigint references public.sales (id);

create index contact_notes_sales_id_idx on public.contact_notes (sales_id);
