insert into public.contacts (company_id, first_name, last_name, email)
select c.id, n.first_name, n.last_name, lower(n.first_name) || '@example.org'
from (values ('Northwind', 'Mila', 'Berg'), ('Wader Works', 'Jon', 'Limosa'), ('Tidal', 'Ada', 'Reed')) as n (company, first_name, last_name)
join public.companies c on c.name = n.company;
