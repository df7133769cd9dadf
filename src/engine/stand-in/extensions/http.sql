-- http: builds requests and encodes text; a request is answered with nulls, since nothing here reaches the network.
create domain @extschema@.http_method as text;
create type @extschema@.http_header as (field varchar, value varchar);
create type @extschema@.http_response as (status integer, content_type varchar, headers @extschema@.http_header[], content varchar);
create type @extschema@.http_request as (
  method @extschema@.http_method, uri varchar, headers @extschema@.http_header[], content_type varchar, content varchar
);

create function @extschema@.http_set_curlopt(curlopt varchar, value varchar) returns boolean language sql as $$ select true $$;
create function @extschema@.http_reset_curlopt() returns boolean language sql as $$ select true $$;
create function @extschema@.http_list_curlopt() returns setof record language sql as $$ select null::text, null::text where false $$;
create function @extschema@.http_header(field varchar, value varchar) returns @extschema@.http_header language sql as $$ select $1, $2 $$;
create function @extschema@.http_headers(variadic args text[]) returns @extschema@.http_header[] language sql as $$
  select array_agg((args[place], args[place + 1])::@extschema@.http_header order by place)
  from generate_series(1, cardinality(args), 2) as place
$$;

create function @extschema@.http(request @extschema@.http_request) returns @extschema@.http_response language sql as $$
  select null::integer, null::varchar, null::@extschema@.http_header[], null::varchar
$$;
create function @extschema@.http_get(uri varchar) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('GET', $1, null, null, null)::@extschema@.http_request)
$$;
create function @extschema@.http_get(uri varchar, data jsonb) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('GET', $1, null, null, null)::@extschema@.http_request)
$$;
create function @extschema@.http_post(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('POST', $1, null, $3, $2)::@extschema@.http_request)
$$;
create function @extschema@.http_post(uri varchar, data jsonb) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('POST', $1, null, 'application/x-www-form-urlencoded', $2::text)::@extschema@.http_request)
$$;
create function @extschema@.http_put(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('PUT', $1, null, $3, $2)::@extschema@.http_request)
$$;
create function @extschema@.http_patch(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('PATCH', $1, null, $3, $2)::@extschema@.http_request)
$$;
create function @extschema@.http_delete(uri varchar) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('DELETE', $1, null, null, null)::@extschema@.http_request)
$$;
create function @extschema@.http_delete(uri varchar, content varchar, content_type varchar) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('DELETE', $1, null, $3, $2)::@extschema@.http_request)
$$;
create function @extschema@.http_head(uri varchar) returns @extschema@.http_response language sql as $$
  select @extschema@.http(('HEAD', $1, null, null, null)::@extschema@.http_request)
$$;

create function @extschema@.urlencode(string varchar) returns text language sql immutable strict as $$
  select coalesce(string_agg(
    case when letter ~ '^[A-Za-z0-9_.~-]$' then letter
      else regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') end, '' order by place
  ), '')
  from regexp_split_to_table(string, '') with ordinality as split (letter, place)
$$;
create function @extschema@.urlencode(string bytea) returns text language sql immutable strict as $$
  select @extschema@.urlencode(convert_from(string, 'UTF8')::varchar)
$$;
create function @extschema@.urlencode(data jsonb) returns text language sql immutable strict as $$
  select string_agg(@extschema@.urlencode(key::varchar) || '=' || @extschema@.urlencode(value::varchar), '&') from jsonb_each_text(data)
$$;
create function @extschema@.text_to_bytea(data text) returns bytea language sql immutable strict as $$ select convert_to(data, 'UTF8') $$;
create function @extschema@.bytea_to_text(data bytea) returns text language sql immutable strict as $$ select convert_from(data, 'UTF8') $$;
