create unique index sales_user_id_idx on public.sales (user_id);
