create function public.f() returns int language sql as $$
  select 1; -- one
$$;
create view public.v as
  select 1;
