-- timescaledb: a hypertable stays the ordinary table that it is, and no policy runs. time_bucket() computes for real.
create function @extschema@.create_hypertable(
  relation regclass, time_column_name name, partitioning_column name default null, number_partitions integer default null,
  associated_schema_name name default null, associated_table_prefix name default null, chunk_time_interval anyelement default null::bigint,
  create_default_indexes boolean default true, if_not_exists boolean default false, partitioning_func regproc default null,
  migrate_data boolean default false
)
returns table (hypertable_id integer, schema_name name, table_name name, created boolean) language sql as $$
  select 0, n.nspname, c.relname, false
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where c.oid = relation
$$;
create function @extschema@.set_chunk_time_interval(hypertable regclass, chunk_time_interval anyelement, dimension_name name default null)
returns void language sql as $$ select $$;
create function @extschema@.add_retention_policy(relation regclass, drop_after interval, if_not_exists boolean default false)
returns integer language sql as $$ select 0 $$;
create function @extschema@.remove_retention_policy(relation regclass, if_exists boolean default false) returns void language sql as $$ select $$;
create function @extschema@.add_compression_policy(hypertable regclass, compress_after interval, if_not_exists boolean default false)
returns integer language sql as $$ select 0 $$;
create function @extschema@.remove_compression_policy(hypertable regclass, if_exists boolean default false) returns boolean language sql as $$ select false $$;
create function @extschema@.add_continuous_aggregate_policy(
  continuous_aggregate regclass, start_offset interval, end_offset interval, schedule_interval interval, if_not_exists boolean default false
)
returns integer language sql as $$ select 0 $$;
create function @extschema@.drop_chunks(relation regclass, older_than interval) returns setof text language sql as $$ select null::text where false $$;

-- Buckets start on Monday 2000-01-03, buckets of months on 2000-01-01, as in the real one.
create function @extschema@.time_bucket(bucket_width interval, ts timestamp) returns timestamp language sql immutable strict as $$
  select case
    when months = 0 then date_bin(bucket_width, ts, timestamp '2000-01-03 00:00:00')
    else timestamp '2000-01-01' + make_interval(months => (floor(passed::numeric / nullif(months, 0)) * months)::integer)
  end
  from (
    select (extract(year from bucket_width) * 12 + extract(month from bucket_width))::integer as months,
      ((extract(year from ts) - 2000) * 12 + extract(month from ts) - 1)::integer as passed
  ) as counted
$$;
create function @extschema@.time_bucket(bucket_width interval, ts timestamptz) returns timestamptz language sql immutable strict as $$
  select case
    when extract(year from bucket_width) = 0 and extract(month from bucket_width) = 0
      then date_bin(bucket_width, ts, timestamptz '2000-01-03 00:00:00+00')
    else @extschema@.time_bucket(bucket_width, ts at time zone 'UTC') at time zone 'UTC'
  end
$$;
create function @extschema@.time_bucket(bucket_width interval, ts date) returns date language sql immutable strict as $$
  select @extschema@.time_bucket(bucket_width, ts::timestamp)::date
$$;
