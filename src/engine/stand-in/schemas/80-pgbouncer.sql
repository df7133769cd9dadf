-- The schema `pgbouncer`: how the pooler looks up a user's password.
set role supabase_admin;
create schema if not exists pgbouncer authorization pgbouncer;

-- Answers nothing here: nobody logs in to a stand-in through the pooler, and a password hash has no reader.
create or replace function pgbouncer.get_auth(p_usename text) returns table (username text, password text)
language plpgsql security definer set search_path = '' as $$
begin
  return;
end
$$;

revoke all on function pgbouncer.get_auth(text) from public;
grant execute on function pgbouncer.get_auth(text) to pgbouncer;
reset role;
