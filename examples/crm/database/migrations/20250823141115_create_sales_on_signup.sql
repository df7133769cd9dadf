create function public.create_sales_row()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.sales (user_id, first_name, last_name)
  values (new.id, coalesce(new.raw_user_meta_data ->> 'first_name', ''), coalesce(new.raw_user_meta_data ->> 'last_name', ''));
  return new;
end;
$$;

create trigger on_auth_user_created after insert on auth.users
for each row execute function public.create_sales_row();
