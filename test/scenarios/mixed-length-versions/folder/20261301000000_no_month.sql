select 13;
