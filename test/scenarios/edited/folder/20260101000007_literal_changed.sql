insert into public.a values ('x  y');
