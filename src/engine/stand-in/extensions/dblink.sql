-- dblink: no connection is ever made; a query answers no rows and a command says that it did nothing.
create function @extschema@.dblink_connect(connstr text) returns text language sql as $$ select 'OK' $$;
create function @extschema@.dblink_connect(connname text, connstr text) returns text language sql as $$ select 'OK' $$;
create function @extschema@.dblink_disconnect() returns text language sql as $$ select 'OK' $$;
create function @extschema@.dblink_disconnect(connname text) returns text language sql as $$ select 'OK' $$;
create function @extschema@.dblink_get_connections() returns text[] language sql as $$ select null::text[] $$;
create function @extschema@.dblink(sql text) returns setof record language plpgsql as $$ begin return; end $$;
create function @extschema@.dblink(sql text, fail boolean) returns setof record language plpgsql as $$ begin return; end $$;
create function @extschema@.dblink(connname text, sql text) returns setof record language plpgsql as $$ begin return; end $$;
create function @extschema@.dblink(connname text, sql text, fail boolean) returns setof record language plpgsql as $$ begin return; end $$;
create function @extschema@.dblink_exec(sql text) returns text language sql as $$ select '' $$;
create function @extschema@.dblink_exec(connname text, sql text) returns text language sql as $$ select '' $$;
create function @extschema@.dblink_exec(connname text, sql text, fail boolean) returns text language sql as $$ select '' $$;
