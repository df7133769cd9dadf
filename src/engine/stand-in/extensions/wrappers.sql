-- wrappers: foreign data wrappers, servers and foreign tables can be made; reading a foreign table fails, since there is no handler.
create table @extschema@.wrappers_fdw_stats (
  fdw_name text not null primary key,
  create_times bigint,
  rows_in bigint,
  rows_out bigint,
  bytes_in bigint,
  bytes_out bigint,
  metadata jsonb,
  created_at timestamptz not null default timezone('utc', now()),
  updated_at timestamptz not null default timezone('utc', now())
);

-- A handler must be an internal or C function; the input function of its own type is one that refuses to be called.
-- A validator in SQL would answer null, which the server refuses.
do $handlers$
declare
  wrapper text;
begin
  foreach wrapper in array array[
    'airtable', 'auth0', 'big_query', 'click_house', 'cognito', 'duckdb', 'firebase', 'hello_world', 'iceberg',
    'logflare', 'mssql', 'redis', 's3', 's3_vectors', 'stripe', 'wasm'
  ] loop
    execute format('create function @extschema@.%I() returns fdw_handler language internal strict as ''fdw_handler_in''', wrapper || '_fdw_handler');
    execute format('create function @extschema@.%I(options text[], catalog oid) returns void language plpgsql as $$ begin end $$', wrapper || '_fdw_validator');
    execute format(
      'create function @extschema@.%I() returns table (name text, version text, author text, website text) language sql as $$ select %L, null::text, null::text, null::text $$',
      wrapper || '_fdw_meta', wrapper
    );
  end loop;
end
$handlers$;
