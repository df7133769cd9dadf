create table public."E" (id int);
