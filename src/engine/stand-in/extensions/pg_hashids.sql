-- pg_hashids: an id is encoded as its digits, not as the real one's letters, and decoded again.
create function id_encode(number bigint) returns text language sql immutable strict as $$ select number::text $$;
create function id_encode(number bigint, salt text) returns text language sql immutable strict as $$ select number::text $$;
create function id_encode(number bigint, salt text, min_length integer) returns text language sql immutable strict as $$
  select lpad(number::text, greatest(min_length, length(number::text)), '0')
$$;
create function id_encode(number bigint, salt text, min_length integer, alphabet text) returns text language sql immutable strict as $$
  select lpad(number::text, greatest(min_length, length(number::text)), '0')
$$;
create function id_encode(numbers bigint[], salt text default '', min_length integer default 0) returns text language sql immutable strict as $$
  select lpad(joined, greatest(min_length, length(joined)), '0') from array_to_string(numbers, '-') as joined
$$;
create function id_decode(hash text, salt text default '', min_length integer default 0) returns bigint[] language sql immutable strict as $$
  select string_to_array(hash, '-')::bigint[]
$$;
create function id_decode(hash text, salt text, min_length integer, alphabet text) returns bigint[] language sql immutable strict as $$
  select string_to_array(hash, '-')::bigint[]
$$;
create function id_decode_once(hash text, salt text default '', min_length integer default 0) returns bigint language sql immutable strict as $$
  select split_part(hash, '-', 1)::bigint
$$;
create function hash_encode(number bigint, salt text default '', min_length integer default 0) returns text language sql immutable strict as $$
  select lpad(number::text, greatest(min_length, length(number::text)), '0')
$$;
create function hash_decode(hash text, salt text, min_length integer) returns integer language sql immutable strict as $$
  select split_part(hash, '-', 1)::integer
$$;
