insert into public.tags (name, color) values ('customer', 'green'), ('partner', 'blue'), ('press', 'orange');
