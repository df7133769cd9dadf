-- pgjwt: signs and verifies for real, through pgcrypto's hmac().
create function @extschema@.url_encode(data bytea) returns text language sql immutable as $$
  select translate(encode(data, 'base64'), E'+/=\n', '-_')
$$;

create function @extschema@.url_decode(data text) returns bytea language sql immutable as $$
  select decode(rpad(translate(data, '-_', '+/'), ceil(length(data) / 4.0)::integer * 4, '='), 'base64')
$$;

-- pgcrypto may be in any schema, so its home is looked up.
create function @extschema@.algorithm_sign(signables text, secret text, algorithm text) returns text language plpgsql immutable as $$
declare
  digest_name text := case algorithm when 'HS256' then 'sha256' when 'HS384' then 'sha384' when 'HS512' then 'sha512' end;
  home text := (
    select n.nspname from pg_catalog.pg_extension as e join pg_catalog.pg_namespace as n on n.oid = e.extnamespace where e.extname = 'pgcrypto'
  );
  signature bytea;
begin
  execute format('select %I.hmac($1, $2, $3)', home) into signature using signables, secret, coalesce(digest_name, '');
  return @extschema@.url_encode(signature);
end
$$;

create function @extschema@.sign(payload json, secret text, algorithm text default 'HS256') returns text language sql immutable as $$
  select signables || '.' || @extschema@.algorithm_sign(signables, secret, algorithm)
  from (
    select @extschema@.url_encode(convert_to('{"alg":"' || algorithm || '","typ":"JWT"}', 'utf8'))
      || '.' || @extschema@.url_encode(convert_to(payload::text, 'utf8')) as signables
  ) as parts
$$;

create function @extschema@.try_cast_double(inp text) returns double precision language plpgsql immutable as $$
begin
  return inp::double precision;
exception
  when others then return null;
end
$$;

create function @extschema@.verify(token text, secret text, algorithm text default 'HS256')
returns table (header json, payload json, valid boolean) language sql immutable as $$
  select claims.header, claims.payload, claims.signed and tstzrange(
    to_timestamp(@extschema@.try_cast_double(claims.payload ->> 'nbf')),
    to_timestamp(@extschema@.try_cast_double(claims.payload ->> 'exp'))
  ) @> current_timestamp
  from (
    select
      convert_from(@extschema@.url_decode(part[1]), 'utf8')::json as header,
      convert_from(@extschema@.url_decode(part[2]), 'utf8')::json as payload,
      part[3] = @extschema@.algorithm_sign(part[1] || '.' || part[2], secret, algorithm) as signed
    from regexp_split_to_array(token, '\.') as part
  ) as claims
$$;
