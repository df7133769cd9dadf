-- pg_net: requests are queued and can be read back; nothing sends them here, so no response ever comes.
do $place$
begin
  if to_regnamespace('net') is null then
    create schema net;
  end if;
end
$place$;

create domain net.http_method as text
  constraint http_method_check check (value ilike any (array['get', 'post', 'delete']));
create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (status net.request_status, message text, response net.http_response);

create sequence net.http_request_queue_id_seq;
create unlogged table net.http_request_queue (
  id bigint not null default nextval('net.http_request_queue_id_seq'),
  method net.http_method not null,
  url text not null,
  headers jsonb,
  body bytea,
  timeout_milliseconds integer not null
);
alter sequence net.http_request_queue_id_seq owned by net.http_request_queue.id;

create unlogged table net._http_response (
  id bigint,
  status_code integer,
  content_type text,
  headers jsonb,
  content text,
  timed_out boolean,
  error_msg text,
  created timestamptz not null default now()
);
create index _http_response_created_idx on net._http_response (created);

create function net._urlencode_string(string varchar) returns text language sql immutable strict as $$
  select coalesce(string_agg(
    case when letter ~ '^[A-Za-z0-9_.~-]$' then letter
      else regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') end, '' order by place
  ), '')
  from regexp_split_to_table(string, '') with ordinality as split (letter, place)
$$;

create function net._encode_url_with_params_array(url text, params_array text[]) returns text language sql immutable strict as $$
  select case when cardinality(params_array) = 0 then url
    else url || case when position('?' in url) > 0 then '&' else '?' end || array_to_string(params_array, '&') end
$$;

create function net._await_response(request_id bigint) returns boolean language sql strict as $$
  select exists (select from net._http_response where id = request_id)
$$;

create function net.stand_in_enqueue(method text, url text, params jsonb, headers jsonb, body jsonb, timeout_milliseconds integer)
returns bigint language sql security definer set search_path = '' as $$
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values (
    method,
    net._encode_url_with_params_array(url, array(
      select net._urlencode_string(key) || '=' || net._urlencode_string(value) from jsonb_each_text(coalesce(params, '{}'))
    )),
    headers, convert_to(body::text, 'UTF8'), timeout_milliseconds
  )
  returning id
$$;

create function net.http_get(url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000)
returns bigint language plpgsql security definer set search_path = net as $$
begin
  return net.stand_in_enqueue('GET', url, params, headers, null, timeout_milliseconds);
end
$$;

create function net.http_post(
  url text, body jsonb default '{}', params jsonb default '{}',
  headers jsonb default '{"Content-Type": "application/json"}', timeout_milliseconds integer default 5000
)
returns bigint language plpgsql security definer set search_path = net as $$
begin
  return net.stand_in_enqueue('POST', url, params, headers, body, timeout_milliseconds);
end
$$;

create function net.http_delete(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000, body jsonb default null
)
returns bigint language plpgsql security definer set search_path = net as $$
begin
  return net.stand_in_enqueue('DELETE', url, params, headers, body, timeout_milliseconds);
end
$$;

create function net._http_collect_response(request_id bigint, async boolean default true) returns net.http_response_result
language sql security definer set search_path = '' as $$
  select case
    when exists (select from net._http_response as held where held.id = request_id) then
      (select row('SUCCESS', 'ok', row(held.status_code, held.headers, held.content)::net.http_response)::net.http_response_result
       from net._http_response as held where held.id = request_id limit 1)
    when exists (select from net.http_request_queue as queued where queued.id = request_id) then
      row('PENDING', 'request is pending processing', null)::net.http_response_result
    else row('ERROR', 'request matching request_id not found', null)::net.http_response_result
  end
$$;

create function net.http_collect_response(request_id bigint, async boolean default true) returns net.http_response_result
language sql security definer set search_path = '' as $$ select net._http_collect_response(request_id, async) $$;

-- The background worker does not exist: both say that it was told.
create function net.check_worker_is_up() returns void language sql as $$ select $$;
create function net.wake() returns void language sql as $$ select $$;
create function net.worker_restart() returns boolean language sql as $$ select true $$;

grant usage on schema net to postgres, anon, authenticated, service_role, supabase_functions_admin;
grant all on all tables in schema net to postgres, anon, authenticated, service_role;
grant all on all sequences in schema net to postgres, anon, authenticated, service_role;
grant execute on all functions in schema net to postgres, anon, authenticated, service_role, supabase_functions_admin;
