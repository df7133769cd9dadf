-- The schema `storage`, second part: functions and triggers.
-- The listings answer what the service's answer, by plain queries; the service's own skip over whole folders for speed.
set role supabase_storage_admin;

create function storage.foldername(name text) returns text[] language plpgsql immutable as $$
declare
  tokens text[] := string_to_array(name, '/');
begin
  return tokens[1 : array_length(tokens, 1) - 1];
end
$$;

create function storage.filename(name text) returns text language plpgsql immutable as $$
declare
  tokens text[] := string_to_array(name, '/');
begin
  return tokens[array_length(tokens, 1)];
end
$$;

-- A name without a dot is its own extension, as in the service.
create function storage.extension(name text) returns text language plpgsql immutable as $$
begin
  return reverse(split_part(reverse(storage.filename(name)), '.', 1));
end
$$;

create function storage.get_size_by_bucket() returns table (size bigint, bucket_id text) language plpgsql stable as $$
begin
  return query
    select sum((held.metadata ->> 'size')::bigint)::bigint, held.bucket_id
    from storage.objects as held
    group by held.bucket_id;
end
$$;

-- Tries the caller's right to insert: always ends in an error, PT200 when the insert would have been allowed.
create function storage.can_insert_object(bucketid text, name text, owner uuid, metadata jsonb) returns void language plpgsql as $$
begin
  insert into storage.objects (bucket_id, name, owner, metadata) values (bucketid, name, owner, metadata);
  raise sqlstate 'PT200' using message = 'ROLLBACK', detail = 'rollback successful insert';
end
$$;

create function storage.operation() returns text language plpgsql stable as $$
begin
  return current_setting('storage.operation', true);
end
$$;

create function storage.allow_any_operation(expected_operations text[]) returns boolean language sql stable as $$
  select exists (
    select from unnest(expected_operations) as expected (operation)
    where expected.operation <> ''
      and regexp_replace(expected.operation, '^storage\.', '') = regexp_replace(storage.operation(), '^storage\.', '')
  )
$$;

create function storage.allow_only_operation(expected_operation text) returns boolean language sql stable as $$
  select storage.allow_any_operation(array[expected_operation])
$$;

create function storage.get_common_prefix(p_key text, p_prefix text, p_delimiter text) returns text language sql immutable as $$
  select p_prefix || split_part(rest, p_delimiter, 1) || p_delimiter
  from (select substring(p_key from length(p_prefix) + 1) as rest) as tail
  where position(p_delimiter in rest) > 0
$$;

create function storage.search(
  prefix text, bucketname text, limits integer default 100, levels integer default 1, offsets integer default 0,
  search text default '', sortcolumn text default 'name', sortorder text default 'asc'
)
returns table (name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb)
language plpgsql stable as $$
declare
  ordered_by text := case lower(sortcolumn)
    when 'updated_at' then 'updated_at' when 'created_at' then 'created_at' when 'last_accessed_at' then 'last_accessed_at' else 'name'
  end;
  direction text := case lower(sortorder) when 'desc' then 'desc' else 'asc' end;
begin
  return query execute format($query$
    with held as (
      select substring(o.name from length($1) + 1) as rest, o.id, o.updated_at, o.created_at, o.last_accessed_at, o.metadata
      from storage.objects as o
      where o.bucket_id = $2 and starts_with(lower(o.name), lower($1 || $3))
    ), listed as (
      select distinct split_part(rest, '/', 1) as name, null::uuid as id, null::timestamptz as updated_at,
        null::timestamptz as created_at, null::timestamptz as last_accessed_at, null::jsonb as metadata
      from held where position('/' in rest) > 0
      union all
      select * from held where position('/' in rest) = 0
    )
    select * from listed order by id is not null, %1$I %2$s, name %2$s limit $4 offset $5
  $query$, ordered_by, direction)
  using coalesce(prefix, ''), bucketname, coalesce(search, ''), limits, offsets;
end
$$;

create function storage.list_objects_with_delimiter(
  _bucket_id text, prefix_param text, delimiter_param text, max_keys integer default 100,
  start_after text default '', next_token text default '', sort_order text default 'asc'
)
returns table (name text, id uuid, metadata jsonb, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz)
language sql stable as $$
  with listed as (
    select distinct on (coalesce(folder, held.name) collate "C")
      coalesce(folder, held.name) collate "C" as name,
      case when folder is null then held.id end as id,
      case when folder is null then held.metadata end as metadata,
      case when folder is null then held.updated_at end as updated_at,
      case when folder is null then held.created_at end as created_at,
      case when folder is null then held.last_accessed_at end as last_accessed_at
    from storage.objects as held
    cross join lateral storage.get_common_prefix(held.name, prefix_param, nullif(delimiter_param, '')) as folder
    where held.bucket_id = _bucket_id and starts_with(held.name, coalesce(prefix_param, ''))
    order by coalesce(folder, held.name) collate "C"
  )
  select name, id, metadata, updated_at, created_at, last_accessed_at
  from listed
  where case lower(sort_order)
    when 'desc' then (next_token = '' or name < next_token) and (start_after = '' or name < start_after)
    else name > next_token and name > start_after
  end
  order by case when lower(sort_order) = 'desc' then name end desc, name
  limit max_keys
$$;

create function storage.search_by_timestamp(
  p_prefix text, p_bucket_id text, p_limit integer, p_level integer, p_start_after text,
  p_sort_order text, p_sort_column text, p_sort_column_after text
)
returns table (key text, name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb)
language sql stable as $$
  select split_part(held.name, '/', p_level), held.name, held.id, held.updated_at, held.created_at, held.last_accessed_at, held.metadata
  from storage.list_objects_with_delimiter(p_bucket_id, coalesce(p_prefix, ''), '/', null) as held
  cross join lateral (
    select case p_sort_column when 'created_at' then held.created_at else held.updated_at end as sorted_by,
      case p_sort_order when 'asc' then 1 else -1 end as direction,
      coalesce(nullif(p_sort_column_after, ''), case p_sort_order when 'asc' then '-infinity' else 'infinity' end)::timestamptz as after
  ) as page
  where p_start_after = ''
    or direction * extract(epoch from sorted_by) > direction * extract(epoch from after)
    or (sorted_by = after and held.name > p_start_after)
  order by direction * extract(epoch from sorted_by), held.name
  limit p_limit
$$;

create function storage.search_v2(
  prefix text, bucket_name text, limits integer default 100, levels integer default 1, start_after text default '',
  sort_order text default 'asc', sort_column text default 'name', sort_column_after text default ''
)
returns table (key text, name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb)
language plpgsql stable as $$
declare
  most integer := least(coalesce(limits, 100), 1500);
  direction text := case lower(sort_order) when 'desc' then 'desc' else 'asc' end;
begin
  if lower(sort_column) in ('created_at', 'updated_at') then
    return query select * from storage.search_by_timestamp(
      prefix, bucket_name, most, levels, start_after, direction, lower(sort_column), sort_column_after
    );
  else
    return query
      select split_part(held.name, '/', levels), held.name, held.id, held.updated_at, held.created_at, held.last_accessed_at, held.metadata
      from storage.list_objects_with_delimiter(bucket_name, coalesce(prefix, ''), '/', most, start_after, '', direction) as held;
  end if;
end
$$;

create function storage.list_multipart_uploads_with_delimiter(
  bucket_id text, prefix_param text, delimiter_param text, max_keys integer default 100,
  next_key_token text default '', next_upload_token text default ''
)
returns table (key text, id text, created_at timestamptz) language sql stable as $$
  select distinct on (coalesce(folder, upload.key) collate "C") coalesce(folder, upload.key), upload.id, upload.created_at
  from storage.s3_multipart_uploads as upload
  cross join lateral storage.get_common_prefix(upload.key, prefix_param, nullif(delimiter_param, '')) as folder
  where upload.bucket_id = list_multipart_uploads_with_delimiter.bucket_id
    and starts_with(upload.key, coalesce(prefix_param, ''))
    and (next_key_token = '' or (upload.key, upload.id) > (next_key_token, next_upload_token))
  order by coalesce(folder, upload.key) collate "C", upload.created_at
  limit max_keys
$$;

create function storage.enforce_bucket_name_length() returns trigger language plpgsql as $$
begin
  if length(new.name) > 100 then
    raise exception 'bucket name "%" is too long (% characters). Max is 100.', new.name, length(new.name);
  end if;
  return new;
end
$$;

create function storage.protect_delete() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('storage.allow_delete_query', true), 'false') <> 'true' then
    raise exception 'Direct deletion from storage tables is not allowed. Use the Storage API instead.'
      using hint = 'This prevents accidental data loss from orphaned objects.', errcode = '42501';
  end if;
  return null;
end
$$;

create function storage.update_updated_at_column() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end
$$;

create trigger enforce_bucket_name_length_trigger before insert or update of name on storage.buckets
  for each row execute function storage.enforce_bucket_name_length();
create trigger protect_buckets_delete before delete on storage.buckets
  for each statement execute function storage.protect_delete();
create trigger protect_objects_delete before delete on storage.objects
  for each statement execute function storage.protect_delete();
create trigger update_objects_updated_at before update on storage.objects
  for each row execute function storage.update_updated_at_column();

reset role;
