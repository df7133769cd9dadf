-- pg_graphql: no query is resolved; the answer says so in the form that a client expects.
create sequence @extschema@.seq_schema_version as integer cycle;

create function @extschema@._internal_resolve(
  query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
)
returns jsonb language sql as $$
  select '{"data": null, "errors": [{"message": "pg_graphql is not available in this database"}]}'::jsonb
$$;

create function @extschema@.resolve(
  query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
)
returns jsonb language sql as $$ select @extschema@._internal_resolve(query, variables, "operationName", extensions) $$;

create function @extschema@.comment_directive(comment_ text) returns jsonb language sql immutable as $$
  select coalesce((regexp_match(comment_, '@graphql\((.+)\)'))[1]::jsonb, '{}'::jsonb)
$$;

create function @extschema@.exception(message text) returns text language plpgsql as $$
begin
  raise exception using errcode = '22000', message = message;
end
$$;

create function @extschema@.get_schema_version() returns integer language sql security definer as $$
  select last_value::integer from @extschema@.seq_schema_version
$$;
create function @extschema@.increment_schema_version() returns event_trigger language plpgsql security definer as $$
begin
  perform pg_catalog.nextval('@extschema@.seq_schema_version');
end
$$;
