insert into public.products (name, price) values ('Survey', 1200), ('Monitoring, a year', 9600);
