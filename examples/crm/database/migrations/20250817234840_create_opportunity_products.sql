create table public.opportunity_products (
  opportunity_id bigint not null references public.opportunities (id) on delete cascade,
  product_id bigint not null references public.products (id),
  quantity integer not null default 1 check (quantity > 0),
  primary key (opportunity_id, product_id)
);

create index opportunity_products_product_id_idx on public.opportunity_products (product_id);
