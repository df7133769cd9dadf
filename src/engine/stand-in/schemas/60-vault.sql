-- The schema `vault`, through its extension.
set role supabase_admin;
create schema if not exists vault authorization supabase_admin;
create extension if not exists supabase_vault with schema vault cascade;
reset role;
