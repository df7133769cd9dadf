-- The schemas `graphql` and `graphql_public`: the API exposes the second, which calls the first.
set role supabase_admin;
create schema if not exists graphql authorization supabase_admin;
create extension if not exists pg_graphql with schema graphql;
grant usage on schema graphql to postgres, anon, authenticated, service_role;
grant execute on all functions in schema graphql to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema graphql grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema graphql grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema graphql grant all on sequences to postgres, anon, authenticated, service_role;

create schema if not exists graphql_public authorization supabase_admin;
grant usage on schema graphql_public to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema graphql_public grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema graphql_public grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema graphql_public grant all on sequences to postgres, anon, authenticated, service_role;

create or replace function graphql_public.graphql(
  "operationName" text default null, query text default null, variables jsonb default null, extensions jsonb default null
)
returns jsonb language sql as $$
  select graphql.resolve(
    query := query, variables := coalesce(variables, '{}'), "operationName" := "operationName", extensions := extensions
  )
$$;
reset role;
