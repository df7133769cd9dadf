insert into public.companies (name, sector, country) values ('Northwind', 'trade', 'NL'), ('Wader Works', 'conservation', 'IS'), ('Tidal', 'energy', 'UK');
