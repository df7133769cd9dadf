import type { Probe } from "./probes.ts";

const roles =
  "create role anon; create role authenticated; create role service_role; create schema auth; create schema private;";
const auth = `create table auth.users (id uuid primary key, email text);
  create function auth.uid() returns uuid stable language sql as $$select null::uuid$$;
  create function auth.jwt() returns jsonb stable language sql as $$select '{}'::jsonb$$;`;
const common = `${roles}${auth}`;

/** Changes as they come about in projects on Supabase: row security, functions with rights, tables per tenant. */
export const projects: readonly Probe[] = [
  {
    name: "policies by functions that change their arguments",
    common,
    before: `create table teams (id uuid primary key default gen_random_uuid(), name text not null);
      create table members (team uuid references teams on delete cascade, usr uuid references auth.users, role text default 'member', primary key (team, usr));
      create function private.is_member(t uuid) returns boolean stable security definer set search_path = '' language sql as $$select exists (select from public.members m where m.team = t and m.usr = auth.uid())$$;
      alter table teams enable row level security; alter table members enable row level security;
      create policy "read own" on teams for select to authenticated using (private.is_member(id));
      create policy "members read" on members for select to authenticated using (private.is_member(team));
      grant select on teams, members to authenticated;`,
    after: `create type team_role as enum ('owner', 'member', 'guest');
      create table teams (id uuid primary key default gen_random_uuid(), name text not null, slug text generated always as (lower(name)) stored unique);
      create table members (team uuid references teams on delete cascade, usr uuid references auth.users, role team_role not null default 'member', primary key (team, usr));
      create function private.is_member(t uuid, at_least team_role default 'guest') returns boolean stable security definer set search_path = '' language sql as $$select exists (select from public.members m where m.team = t and m.usr = auth.uid() and m.role <= at_least)$$;
      revoke execute on function private.is_member from public; grant execute on function private.is_member to authenticated, service_role;
      alter table teams enable row level security; alter table members enable row level security; alter table members force row level security;
      create policy "read own" on teams for select to authenticated using ((select private.is_member(id)));
      create policy "owners change" on teams for update to authenticated using (private.is_member(id, 'owner')) with check (private.is_member(id, 'owner'));
      create policy "members read" on members for select to authenticated, anon using (private.is_member(team));
      grant select, update (name) on teams to authenticated; grant select on members to authenticated;`,
  },
  {
    name: "a profile for each new user",
    common,
    before: "create table profiles (id uuid primary key references auth.users on delete cascade, name text);",
    after: `create domain handle as text check (value ~ '^[a-z]{3,}$') not null;
      create table profiles (id uuid primary key references auth.users on delete cascade, name text, handle handle unique, updated_at timestamptz not null default now());
      create function public.on_user() returns trigger security definer set search_path = '' language plpgsql as $$begin insert into public.profiles (id, handle) values (new.id, 'abc'); return new; end$$;
      create function touch() returns trigger language plpgsql as $$begin new.updated_at = now(); return new; end$$;
      create trigger on_user after insert on auth.users for each row execute function public.on_user();
      create trigger touch before update on profiles for each row when (old.* is distinct from new.*) execute function touch();
      alter table profiles enable row level security; create policy own on profiles using (auth.uid() = id);
      revoke all on function on_user() from public; grant all on profiles to service_role;
      create view public_profiles with (security_invoker = on) as select id, handle from profiles; grant select on public_profiles to anon;`,
  },
  {
    name: "roles in claims: an enum of rights that shrinks under policies, functions, defaults and views",
    common,
    before: `create type permission as enum ('read', 'write', 'delete', 'admin');
      create table grants (usr uuid references auth.users, p permission not null default 'read', ps permission[] not null default '{read}', primary key (usr, p));
      create function authorize(requested permission) returns boolean stable security definer language plpgsql as $$begin return exists (select from grants where p = requested); end$$;
      create function allowed(variadic ps permission[]) returns setof permission language sql as $$select unnest(ps)$$;
      create table posts (id bigint generated always as identity primary key, body text);
      alter table posts enable row level security;
      create policy w on posts for insert with check (authorize('write')); create policy d on posts for delete using (authorize('delete') or authorize('admin'));
      create view admins as select usr from grants where p = 'admin'; create view rights as select usr, array_agg(p order by p) as ps from grants group by usr;
      create index by_p on grants (p) where p <> 'read'; alter table grants add check (p <> 'admin' or usr is not null);
      grant execute on function authorize(permission) to authenticated; comment on function authorize is 'asks';`,
    after: `create type permission as enum ('admin', 'write', 'read');
      create table grants (usr uuid references auth.users, p permission not null default 'write', ps permission[] not null default '{read}', primary key (usr, p));
      create function authorize(requested permission) returns boolean stable security definer language plpgsql as $$begin return exists (select from grants where p = requested); end$$;
      create function allowed(variadic ps permission[]) returns setof permission language sql as $$select unnest(ps)$$;
      create table posts (id bigint generated always as identity primary key, body text);
      alter table posts enable row level security;
      create policy w on posts for insert with check (authorize('write')); create policy d on posts for delete using (authorize('admin'));
      create view admins as select usr from grants where p = 'admin'; create view rights as select usr, array_agg(p order by p) as ps from grants group by usr;
      create index by_p on grants (p) where p <> 'read'; alter table grants add check (p <> 'admin' or usr is not null);
      grant execute on function authorize(permission) to authenticated; comment on function authorize is 'asks';`,
  },
  {
    name: "integer keys that become bigint, with what refers to them",
    common,
    before: `create table customers (id serial primary key, name text);
      create table invoices (id serial primary key, customer_id int not null references customers on delete cascade, total numeric(10, 2), paid boolean default false);
      create table items (invoice_id int references invoices, no int, price numeric(10, 2) check (price >= 0), primary key (invoice_id, no));
      create view open_invoices as select i.*, c.name from invoices i join customers c on c.id = i.customer_id where not paid;
      create view per_customer with (security_barrier) as select customer_id, sum(total) as total from open_invoices group by customer_id;
      create materialized view totals as select customer_id, total from per_customer; create unique index on totals (customer_id);
      create function balance(c int) returns numeric stable language sql begin atomic select total from per_customer where customer_id = c; end;
      create function invoice_of(i items) returns invoices stable language sql as $$select * from invoices where id = i.invoice_id$$;
      create index on invoices (customer_id) include (total); create statistics inv (dependencies) on customer_id, paid from invoices;
      alter table invoices enable row level security; create policy p on invoices using (customer_id > 0);
      create trigger t before update of customer_id on invoices for each row execute function suppress_redundant_updates_trigger();`,
    after: `create table customers (id bigint generated by default as identity primary key, name varchar(100) not null);
      create table invoices (id bigint generated always as identity primary key, customer_id bigint not null references customers on delete cascade, total numeric(12, 2) not null default 0, paid boolean not null default false);
      create table items (invoice_id bigint references invoices on delete cascade, no int, price numeric(12, 2) check (price >= 0), primary key (invoice_id, no));
      create view open_invoices as select i.*, c.name from invoices i join customers c on c.id = i.customer_id where not paid;
      create view per_customer with (security_barrier) as select customer_id, sum(total) as total from open_invoices group by customer_id;
      create materialized view totals as select customer_id, total from per_customer; create unique index on totals (customer_id);
      create function balance(c bigint) returns numeric stable language sql begin atomic select total from per_customer where customer_id = c; end;
      create function invoice_of(i items) returns invoices stable language sql as $$select * from invoices where id = i.invoice_id$$;
      create index on invoices (customer_id) include (total); create statistics inv (dependencies) on customer_id, paid from invoices;
      alter table invoices enable row level security; create policy p on invoices using (customer_id > 0);
      create trigger t before update of customer_id on invoices for each row execute function suppress_redundant_updates_trigger();`,
  },
  {
    name: "events partitioned by month, from a plain table",
    common,
    before: `create table events (id bigint generated always as identity, at timestamptz not null default now(), kind text, payload jsonb, primary key (id));
      create index events_kind on events (kind); create index events_payload on events using gin (payload jsonb_path_ops);
      create table event_notes (event_id bigint references events, note text);
      alter table events enable row level security; create policy read on events for select to authenticated using (true); grant select, insert on events to authenticated;
      create view recent as select * from events where at > now() - interval '1 day';`,
    after: `create table events (id bigint generated always as identity, at timestamptz not null default now(), kind text, payload jsonb, primary key (id, at)) partition by range (at);
      create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
      create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01') partition by hash (id);
      create table events_2025_a partition of events_2025 for values with (modulus 2, remainder 0); create table events_2025_b partition of events_2025 for values with (modulus 2, remainder 1); create table events_rest partition of events default;
      create index events_kind on events (kind); create index events_payload on events using gin (payload jsonb_path_ops);
      create table event_notes (event_id bigint, event_at timestamptz, note text, foreign key (event_id, event_at) references events (id, at));
      alter table events enable row level security; alter table events_2024 enable row level security; create policy read on events for select to authenticated using (true); grant select, insert on events to authenticated;
      create view recent as select * from events where at > now() - interval '1 day';`,
  },
  {
    name: "soft deletion by instead-of triggers and rules over views",
    common,
    before: `create table docs (id int primary key, body text, author uuid references auth.users);
      create view docs_v as select * from docs; grant all on docs_v to authenticated;`,
    after: `create table docs (id int primary key, body text, author uuid references auth.users, deleted_at timestamptz);
      create view docs_v with (security_invoker = true, check_option = cascaded) as select id, body, author from docs where deleted_at is null;
      create function docs_delete() returns trigger language plpgsql as $$begin update docs set deleted_at = now() where id = old.id; return old; end$$;
      create trigger del instead of delete on docs_v for each row execute function docs_delete();
      alter view docs_v alter column body set default 'x'; grant select on docs_v to anon; grant all on docs_v to authenticated;
      create unique index live on docs (author, body) nulls not distinct where deleted_at is null; create rule keep as on delete to docs do instead nothing;`,
  },
  {
    name: "full-text search from a plain index to a generated column with an own configuration",
    common,
    before: `create table articles (id int primary key, title text, body text);
      create index fts on articles using gin (to_tsvector('english', title || ' ' || body));
      create function search(q text) returns setof articles stable language sql as $$select * from articles where to_tsvector('english', title) @@ plainto_tsquery(q)$$;`,
    after: `create text search configuration site (copy = english); create text search dictionary site_d (template = snowball, language = german); alter text search configuration site alter mapping for asciiword with site_d, english_stem;
      create table articles (id int primary key, title text, body text, fts tsvector generated always as (setweight(to_tsvector('public.site', coalesce(title, '')), 'A') || to_tsvector('public.site', coalesce(body, ''))) stored);
      create index fts on articles using gin (fts) with (fastupdate = off);
      create function search(q text, lim int default 10) returns table (id int, rank real) stable parallel safe rows 10 language sql as $$select id, ts_rank(fts, websearch_to_tsquery('public.site', q)) from articles limit lim$$;`,
  },
  {
    name: "bookings that must not overlap",
    common,
    before: `create extension btree_gist schema private; create table bookings (room int, during tstzrange);`,
    after: `create extension btree_gist schema private;
      create type period as range (subtype = timestamptz); create table bookings (room int not null, during tstzrange not null default tstzrange(now(), null), p period, check (not isempty(during)), constraint apart exclude using gist (room private.gist_int4_ops with =, during with &&) where (room > 0) deferrable);
      create index on bookings using gist (p);`,
  },
  {
    name: "functions of one name, and those that others stand on",
    common,
    before: `create function fmt(x int) returns text immutable language sql as $$select x::text$$; create function fmt(x text) returns text immutable language sql as $$select x$$; create function fmt(x numeric, digits int default 2) returns text immutable language sql as $$select round(x, digits)::text$$;
      create table prices (id int primary key, p numeric, label text default fmt(1), shown text generated always as (fmt(p)) stored, check (fmt(p) <> ''));
      create index on prices (fmt(p, 1)); create view shown as select fmt(id) as i, fmt(p) as p from prices;
      create function all_of() returns setof text stable language sql begin atomic select fmt(p) from prices; end;`,
    after: `create function fmt(x bigint) returns text immutable language sql as $$select x::text$$; create function fmt(x text) returns text immutable language sql as $$select x$$; create function fmt(x numeric, digits int default 3, prefix text default '') returns text immutable language sql as $$select prefix || round(x, digits)::text$$;
      create table prices (id int primary key, p numeric, label text default fmt(1::bigint), shown text generated always as (fmt(p)) stored, check (fmt(p) <> '!'));
      create index on prices (fmt(p, 1)); create view shown as select fmt(id::bigint) as i, fmt(p) as p from prices;
      create function all_of() returns setof text stable language sql begin atomic select fmt(p) from prices; end;`,
  },
  {
    name: "realtime: publications with filters and column lists",
    common,
    before: `create table a (id int primary key, x int, secret text); create table b (id int primary key, y text); create table c (id int);
      create publication supabase_realtime for table a, b; alter table b replica identity full;`,
    after: `create table a (id bigint primary key, x int not null, secret text); create table b (id int primary key, y varchar(10)); create table c (id int primary key, z text);
      create publication supabase_realtime for table a (id, x) where (x > 10), c with (publish = 'insert, update', publish_via_partition_root = true); create publication others for tables in schema private, table b; alter table c replica identity full;`,
  },
  {
    name: "default privileges, event triggers, schemas and owners",
    common,
    before: `create schema api; grant usage on schema api to anon, authenticated; alter default privileges in schema api grant select on tables to anon; alter default privileges in schema api grant execute on functions to anon;
      create table api.t (id int); create function api.f() returns int language sql as 'select 1'; create type api.e as enum ('a');`,
    after: `create schema api authorization service_role; grant usage on schema api to authenticated; grant create on schema api to service_role; alter default privileges in schema api grant all on tables to authenticated with grant option; alter default privileges revoke execute on functions from public; alter default privileges grant usage on types to anon;
      create table api.t (id int, n int); alter table api.t owner to service_role; create table api.u (id serial); create function api.f() returns int language sql as 'select 1'; alter function api.f() owner to service_role; create function api.g(api.t) returns int language sql as 'select 1'; create type api.e as enum ('a', 'b'); alter type api.e owner to service_role;
      create function private.on_ddl() returns event_trigger security definer language plpgsql as $$begin end$$; create event trigger guard on ddl_command_end when tag in ('CREATE TABLE') execute function private.on_ddl(); alter event trigger guard enable replica;`,
  },
  {
    name: "tables that refer to each other, made and unmade",
    common,
    before: "create table orgs (id int primary key, name text);",
    after: `create table orgs (id int primary key, name text, owner int not null, main int); create table people (id int primary key, org int references orgs deferrable initially deferred, boss int references people on delete set null);
      alter table orgs add constraint orgs_owner foreign key (owner) references people;`,
  },
];
