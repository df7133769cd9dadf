-- postgres_fdw: servers, user mappings and foreign tables can be made; reading a foreign table fails, since there is no handler.
create function @extschema@.postgres_fdw_handler() returns fdw_handler language internal strict as 'fdw_handler_in';
-- In PL/pgSQL, since a validator in SQL would answer null, which the server refuses.
create function @extschema@.postgres_fdw_validator(options text[], catalog oid) returns void language plpgsql as $$ begin end $$;
create foreign data wrapper postgres_fdw handler @extschema@.postgres_fdw_handler validator @extschema@.postgres_fdw_validator;
create function @extschema@.postgres_fdw_get_connections(out server_name text, out valid boolean) returns setof record language sql as $$
  select null::text, null::boolean where false
$$;
create function @extschema@.postgres_fdw_disconnect(server_name text) returns boolean language sql as $$ select false $$;
create function @extschema@.postgres_fdw_disconnect_all() returns boolean language sql as $$ select false $$;
grant usage on foreign data wrapper postgres_fdw to postgres with grant option;
