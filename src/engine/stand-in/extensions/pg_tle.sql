-- pg_tle: extensions are taken note of and can be listed; CREATE EXTENSION does not find them here.
do $place$
begin
  if to_regnamespace('pgtle') is null then
    create schema pgtle;
  end if;
end
$place$;

create type pgtle.password_types as enum ('PASSWORD_TYPE_PLAINTEXT', 'PASSWORD_TYPE_MD5', 'PASSWORD_TYPE_SCRAM_SHA_256');
create type pgtle.pg_tle_features as enum ('passcheck', 'clientauth');
create table pgtle.feature_info (
  feature pgtle.pg_tle_features,
  schema_name text,
  proname text,
  obj_identity text,
  primary key (feature, schema_name, proname)
);
create table pgtle.stand_in_extension (
  name text not null,
  version text not null,
  description text not null default '',
  primary key (name, version)
);

create function pgtle.install_extension(name text, version text, description text, ext text, requires text[] default null) returns boolean
language sql security definer set search_path = '' as $$
  insert into pgtle.stand_in_extension (name, version, description) values ($1, $2, $3) returning true
$$;
create function pgtle.install_extension_version_sql(name text, version text, ext text) returns boolean
language sql security definer set search_path = '' as $$
  insert into pgtle.stand_in_extension (name, version) values ($1, $2) returning true
$$;
create function pgtle.install_update_path(name text, fromvers text, tovers text, ext text) returns boolean
language sql security definer set search_path = '' as $$
  insert into pgtle.stand_in_extension (name, version) values ($1, $3) on conflict do nothing;
  select true
$$;
create function pgtle.set_default_version(name text, version text) returns boolean language sql as $$ select true $$;
create function pgtle.uninstall_extension_if_exists(extname text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  delete from pgtle.stand_in_extension as held where held.name = extname;
  return found;
end
$$;
create function pgtle.uninstall_extension(extname text) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  if not pgtle.uninstall_extension_if_exists(extname) then
    raise exception 'Extension % does not exist', extname using errcode = 'no_data_found';
  end if;
  return true;
end
$$;
create function pgtle.uninstall_extension(extname text, version text) returns boolean language sql security definer set search_path = '' as $$
  delete from pgtle.stand_in_extension as held where held.name = $1 and held.version = $2 returning true
$$;
create function pgtle.uninstall_update_path(extname text, fromvers text, tovers text) returns boolean language sql as $$ select true $$;
create function pgtle.uninstall_update_path_if_exists(extname text, fromvers text, tovers text) returns boolean language sql as $$ select true $$;
create function pgtle.available_extensions(out name name, out default_version text, out comment text) returns setof record
language sql stable security definer set search_path = '' as $$
  select held.name::name, max(held.version), max(held.description) from pgtle.stand_in_extension as held group by held.name
$$;
create function pgtle.available_extension_versions(
  out name name, out version text, out superuser boolean, out trusted boolean, out relocatable boolean, out schema name,
  out requires name[], out comment text
)
returns setof record language sql stable security definer set search_path = '' as $$
  select held.name::name, held.version, false, false, false, null::name, null::name[], held.description from pgtle.stand_in_extension as held
$$;
create function pgtle.extension_update_paths(name name, out source text, out target text, out path text) returns setof record language sql as $$
  select null::text, null::text, null::text where false
$$;
create function pgtle.register_feature(proc regproc, feature pgtle.pg_tle_features) returns void language sql as $$ select $$;
create function pgtle.register_feature_if_not_exists(proc regproc, feature pgtle.pg_tle_features) returns boolean language sql as $$ select true $$;
create function pgtle.unregister_feature(proc regproc, feature pgtle.pg_tle_features) returns void language sql as $$ select $$;
create function pgtle.unregister_feature_if_exists(proc regproc, feature pgtle.pg_tle_features) returns boolean language sql as $$ select true $$;

grant usage on schema pgtle to public, postgres, pgtle_admin;
