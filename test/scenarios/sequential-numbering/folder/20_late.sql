select 20;
