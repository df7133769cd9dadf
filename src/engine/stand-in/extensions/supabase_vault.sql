-- supabase_vault: secrets are kept as given. THERE IS NO ENCRYPTION HERE: the key of the real one lives outside the database.
create table @extschema@.secrets (
  id uuid not null default gen_random_uuid() primary key,
  name text,
  description text not null default '',
  secret text not null,
  key_id uuid,
  nonce bytea,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);
comment on table @extschema@.secrets is 'Table with encrypted `secret` column for storing sensitive information on disk.';
create unique index secrets_name_idx on @extschema@.secrets (name) where name is not null;

create view @extschema@.decrypted_secrets as
  select id, name, description, secret, secret as decrypted_secret, key_id, nonce, created_at, updated_at
  from @extschema@.secrets;

create function @extschema@.create_secret(new_secret text, new_name text default null, new_description text default '', new_key_id uuid default null)
returns uuid language sql security definer set search_path = '' as $$
  insert into @extschema@.secrets (secret, name, description, key_id)
  values (new_secret, new_name, coalesce(new_description, ''), new_key_id)
  returning id
$$;

create function @extschema@.update_secret(
  secret_id uuid, new_secret text default null, new_name text default null, new_description text default null, new_key_id uuid default null
)
returns void language sql security definer set search_path = '' as $$
  update @extschema@.secrets as held
  set secret = coalesce(new_secret, held.secret), name = coalesce(new_name, held.name),
    description = coalesce(new_description, held.description), key_id = coalesce(new_key_id, held.key_id), updated_at = now()
  where held.id = secret_id
$$;

grant usage on schema @extschema@ to postgres, service_role;
grant select, delete, truncate, references on @extschema@.secrets, @extschema@.decrypted_secrets to postgres with grant option;
grant select, delete on @extschema@.secrets, @extschema@.decrypted_secrets to service_role;
revoke execute on all functions in schema @extschema@ from public;
grant execute on function @extschema@.create_secret(text, text, text, uuid) to postgres with grant option;
grant execute on function @extschema@.update_secret(uuid, text, text, text, uuid) to postgres with grant option;
grant execute on function @extschema@.create_secret(text, text, text, uuid) to service_role;
grant execute on function @extschema@.update_secret(uuid, text, text, text, uuid) to service_role;
