import type { Probe } from "./probes.ts";

const roles = "create role app; create role reader; create role writer;";

const pair = (name: string, before: string, after: string, common = roles): Probe => ({
  name,
  common,
  before,
  after,
});

/** Relations, what stands on them, and who may use them. */
export const structurePairs: readonly Probe[] = [
  pair(
    "views over views whose lowest loses a column, with rights, comments, rules, triggers and options",
    `create table t (a int primary key, b int, c text, d date); create view v1 with (security_invoker) as select a, b, c, d from t; create view v2 with (security_barrier, check_option = local) as select a, b, c from v1 where b > 0; create view v3 as select v2.a, v1.d, count(*) over () as n from v2 join v1 using (a);
      create materialized view m as select a, n from v3 with no data; create unique index on m (a); create view v4 as select m.a, v2.c from m join v2 on v2.a = m.a;
      alter view v2 owner to app; grant select (a), update (b) on v2 to reader; grant all on v3 to writer with grant option; comment on view v3 is 'three'; comment on column v3.n is 'count'; create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger i instead of insert on v4 for each row execute function f(); comment on trigger i on v4 is 'i';
      create rule r as on update to v2 do also notify x; create function g(v3) returns int language sql as 'select $1.n::int'; grant select on m to reader; comment on index m_a_idx is 'unique';`,
    `create table t (a bigint primary key, c text, d timestamptz, b int); create view v1 with (security_invoker) as select a, c, d, b from t; create view v2 with (security_barrier, check_option = local) as select a, b, c from v1 where b > 0; create view v3 as select v2.a, v1.d, count(*) over () as n from v2 join v1 using (a);
      create materialized view m as select a, n from v3 with no data; create unique index on m (a); create view v4 as select m.a, v2.c from m join v2 on v2.a = m.a;
      alter view v2 owner to app; grant select (a), update (b) on v2 to reader; grant all on v3 to writer with grant option; comment on view v3 is 'three'; comment on column v3.n is 'count'; create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger i instead of insert on v4 for each row execute function f(); comment on trigger i on v4 is 'i';
      create rule r as on update to v2 do also notify x; create function g(v3) returns int language sql as 'select $1.n::int'; grant select on m to reader; comment on index m_a_idx is 'unique';`,
  ),
  pair(
    "a foreign key whose target gets another key, and a unique index that becomes a constraint",
    `create table p (a int, b int, c text, primary key (a)); create unique index p_b on p (b); create table k (id int primary key, a int references p, b int, foreign key (b) references p (b)); create index on k (a); comment on constraint k_a_fkey on k is 'to p';`,
    `create table p (a int, b int, c text, primary key (a, b)); alter table p add constraint p_b unique (b); create table k (id int primary key, a int, b int, c int, constraint k_a_fkey foreign key (a, b) references p on update cascade on delete set null (a)); create index on k (a, b) where a is not null; comment on constraint k_a_fkey on k is 'to both';`,
  ),
  pair(
    "partitions whose own indexes, keys, defaults, checks, triggers and storage differ",
    `create table p (id int not null, k text not null, n int default 1, t text) partition by list (k); create table a partition of p for values in ('a'); create table b partition of p (n default 2, check (n < 100)) for values in ('b') with (fillfactor = 50);
      create index on p (n); create unique index a_u on a (id); alter table p add primary key (id, k); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger t after insert on p for each row execute function f(); create table r (id int, k text, foreign key (id, k) references p); grant select on p to reader; alter table a owner to app;`,
    `create table p (id bigint not null, k text not null, n int default 3, t varchar(10) not null) partition by list (k); create table a partition of p (t default 'x') for values in ('a', 'c'); create table b partition of p for values in ('b'); create table d partition of p default partition by range (id); create table d1 partition of d for values from (1) to (10);
      create index on p (n, t); create index on only p (t); create index a_t on a (t); alter index p_t_idx attach partition a_t; alter table p add primary key (k, id); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger t after insert or update on p for each row execute function f(); alter table a disable trigger t; alter table b add constraint pos check (n > 0) not valid; create table r (id bigint, k text, foreign key (k, id) references p on delete cascade); grant select on p, a to reader; alter table a set (fillfactor = 60);`,
  ),
  pair(
    "row security of views, tables and partitions with all commands and roles",
    `create table t (id int, own name default current_user, pub bool); alter table t enable row level security; create policy a on t for all to app using (own = current_user); create policy b on t as restrictive for select using (pub or id in (select id from t t2 where t2.pub)); create policy c on t for insert to public with check (true);`,
    `create function can(int, text default 'read') returns bool stable security definer language sql as 'select true'; create table t (id int, own name not null default session_user, pub bool, at date) partition by range (id); create table t1 partition of t for values from (0) to (9); alter table t force row level security; alter table t1 enable row level security;
      create policy a on t for all to app, writer using (own = current_user and can(id)) with check (can(id, 'write')); create policy b on t as permissive for select using (pub); create policy c on t for update to public using (pub) with check (true); create policy d on t1 for delete to reader using (at is null);`,
  ),
  pair(
    "rights of every sort, given, narrowed, passed on",
    `create table t (a int, b int); create view v as select a from t; create sequence s; create function f(int) returns int language sql as 'select 1'; create procedure p() language sql as ''; create type e as enum ('a'); create domain d as int; create schema x; create foreign data wrapper w; create server sv foreign data wrapper w; create materialized view m as select 1 as n;
      grant select, insert on t to reader with grant option; grant all on s to app; grant execute on function f(int) to reader; grant usage on type e, d to app; revoke all on procedure p() from public; grant all on schema x to app; grant usage on foreign server sv to app; revoke all on t from postgres; grant select on v to public; grant select on m to writer;`,
    `create table t (a int, b int); create view v as select a from t; create sequence s; create function f(int) returns int language sql as 'select 1'; create procedure p() language sql as ''; create type e as enum ('a'); create domain d as int; create schema x; create foreign data wrapper w; create server sv foreign data wrapper w; create materialized view m as select 1 as n;
      grant select on t to reader; grant insert (a), update (b), references (a, b) on t to reader with grant option; grant select on s to app; revoke all on function f(int) from public; revoke all on type e from public; grant usage on schema x to public; grant all on foreign data wrapper w to app; revoke select on v from postgres; grant truncate, trigger on t to public; alter table t owner to app; alter sequence s owner to writer; alter materialized view m owner to app; alter procedure p() owner to reader;`,
  ),
  pair(
    "functions of every language, with bodies that name each other, types and tables made anew",
    `create table t (id int, n text); create function a(t) returns text language sql stable begin atomic select ($1).n; end; create function b() returns setof text language sql begin atomic select a(t) from t; end; create function c(int = 1, out x int, out y text) returns setof record language plpgsql as 'begin end'; create procedure d(inout x int, variadic y text[]) language plpgsql as 'begin end'; create function e() returns t language sql return row(1, 'x')::t; create view v as select * from b() as x; create aggregate agg(text) (sfunc = textcat, stype = text);`,
    `create table t (id bigint, n varchar(3), m int); create function a(t) returns varchar language sql stable begin atomic select ($1).n; end; create function b() returns setof text language sql begin atomic select a(t) from t where m > 1; end; create function c(int = 2, out x int, out y varchar, out z date) returns setof record language plpgsql cost 7 rows 3 as 'begin return; end'; create procedure d(inout x int, inout z int, variadic y text[]) language plpgsql set search_path = public as 'begin end'; create function e() returns setof t language sql begin atomic select * from t; end; create view v as select x, length(x) as n from b() as x; create aggregate agg(text) (sfunc = textcat, stype = text, initcond = '-', combinefunc = textcat); create function w() returns bigint language internal window as 'window_row_number';`,
  ),
  pair(
    "foreign tables, partitions among them, imported columns and mappings",
    `create foreign data wrapper w; create server s foreign data wrapper w options (host 'a'); create foreign table f (a int not null, b text options (c 'x')) server s options (t 'f'); create table p (a int, b text) partition by range (a); create view v as select * from f; create user mapping for app server s; comment on foreign table f is 'f';`,
    `create foreign data wrapper w options (debug 'on'); create server s type 'pg' version '3' foreign data wrapper w options (host 'b', port '1'); create foreign table f (a bigint, b text options (c 'y', d 'z') collate "C", e int default 3 check (e > 0)) server s options (u 'f'); create table p (a int, b text) partition by range (a); create foreign table pf partition of p for values from (1) to (2) server s; create view v as select a, b from f; create user mapping for public server s; create user mapping for reader server s options (usr 'x'); alter foreign table f owner to app;`,
  ),
  pair(
    "generated columns that others, indexes, views, checks and foreign keys stand on",
    `create table t (id int primary key, a int, b int generated always as (a * 2) stored, c text generated always as (upper('x' || id::text)) stored, check (b > 0)); create unique index on t (b); create index on t (c text_pattern_ops); create view v as select b, c from t; create table r (b int references t (b)); alter table t add constraint k unique (c);`,
    `create function dbl(bigint) returns bigint immutable language sql as 'select $1 * 2'; create table t (id int primary key, a bigint, b bigint generated always as (dbl(a)) stored, c varchar(20) generated always as (lower('y' || id::text)) stored not null, d int generated always as (id + 1) stored, check (b > 0 and d > 0)); create unique index on t (b); create index on t (c text_pattern_ops); create view v as select b, c from t; create table r (b bigint references t (b)); alter table t add constraint k unique (c);`,
  ),
  pair(
    "indexes of every method and option",
    `create table t (a int, b text, c jsonb, d int4range, e tsvector, f text[], g point, h inet); create index i1 on t (a desc, b collate "C" nulls first) include (c); create index i2 on t using gin (c jsonb_path_ops); create index i3 on t using gist (d, g); create index i4 on t using brin (a) with (pages_per_range = 16); create index i5 on t using hash (b); create index i6 on t using spgist (g); create unique index i7 on t ((lower(b)), (a + 1)) where a is not null; create index i8 on t using gist (h inet_ops); alter index i7 alter column 1 set statistics 300;`,
    `create table t (a bigint, b varchar(9), c jsonb, d int4range, e tsvector, f text[], g point, h inet); create index i1 on t (a, b collate "POSIX" nulls first) include (c, a); create index i2 on t using gin (c) with (fastupdate = off, gin_pending_list_limit = 128); create index i3 on t using gist (d) where not isempty(d); create index i4 on t using brin (a int8_minmax_multi_ops (values_per_range = 8)) with (autosummarize = on); create index i5 on t using hash (b) with (fillfactor = 60); create index i6 on t using spgist (g kd_point_ops); create unique index i7 on t ((lower(b)), (a + 1)) nulls not distinct where a is not null; create index i8 on t using spgist (h); create index i9 on t using gin (f, e); cluster t using i1; comment on index i9 is 'both';`,
  ),
  pair(
    "triggers on tables and views, by function, by columns, with transition tables, enabled in every way",
    `create table t (a int primary key, b text, c date); create view v as select * from t; create function f() returns trigger language plpgsql as 'begin return new; end'; create function g() returns trigger language plpgsql security definer as 'begin return null; end'; create trigger t1 before insert or update of a, b on t for each row when (new.a > 0) execute function f('x', '1'); create trigger t2 after truncate on t execute function g(); create constraint trigger t3 after insert on t deferrable for each row execute function f(); create trigger t4 after delete on t referencing old table as gone for each statement execute function g(); create trigger v1 instead of update on v for each row execute function f(); alter table t enable replica trigger t2;`,
    `create table t (a bigint primary key, c timestamptz, b text); create view v as select * from t; create function g() returns trigger language plpgsql as 'begin return old; end'; create trigger t1 before insert or update of c on t for each row when (new.a > 0 and new.c is not null) execute function g('x', '2'); create trigger t2 after truncate on t execute function g(); create constraint trigger t3 after insert or delete on t deferrable initially deferred for each row execute function g(); create trigger t4 after delete on t referencing old table as lost for each statement execute function g(); create trigger v1 instead of update or delete on v for each row execute function g(); alter table t disable trigger t1; alter table t enable always trigger t4; comment on trigger t2 on t is 'two';`,
  ),
  pair(
    "schemas renamed as a whole, objects that move between them",
    `create schema one; create type one.e as enum ('a'); create table one.t (id serial primary key, e one.e default 'a'); create function one.f(one.e) returns one.e language sql as 'select $1'; create view one.v as select one.f(e) as x from one.t; create index on one.t (e); grant usage on schema one to app; grant select on one.t to app; create sequence one.s; create extension citext schema one; create table c (t one.citext);`,
    `create schema two; create type two.e as enum ('a'); create table two.t (id serial primary key, e two.e default 'a'); create function two.f(two.e) returns two.e language sql as 'select $1'; create view two.v as select two.f(e) as x from two.t; create index on two.t (e); grant usage on schema two to app; grant select on two.t to app; create sequence two.s; create extension citext schema two; create table c (t two.citext);`,
  ),
  pair(
    "extensions with members that are used, granted and dropped",
    `create extension pgcrypto; create extension hstore; create extension pg_trgm; create table t (id uuid default gen_random_uuid(), h hstore default ''::hstore, n text, k text default gen_salt('md5')); create index on t using gin (n gin_trgm_ops); create view v as select h -> 'a' as a from t; revoke execute on function digest(text, text) from public; grant execute on function digest(text, text) to app; create extension pg_stat_statements; grant select (query, calls) on pg_stat_statements to reader; grant usage on type gtrgm to writer;`,
    `create schema ext; create extension pgcrypto schema ext; create extension citext schema ext; create extension pg_trgm schema ext; create table t (id uuid default gen_random_uuid(), h jsonb, n ext.citext, k text default ext.gen_salt('bf')); create index on t using gin ((n::text) ext.gin_trgm_ops); create view v as select h ->> 'a' as a from t; grant execute on function ext.digest(bytea, text) to app with grant option; create extension pg_stat_statements; grant select (calls) on pg_stat_statements to reader with grant option; revoke usage on type ext.citext from public;`,
  ),
  pair(
    "settings, statistics, comments and labels of everything",
    `create table t (a int, b int, c text, constraint k check (a > 0)); create index i on t (a); create function f() returns int language sql as 'select 1'; create statistics st on a, b from t; create policy p on t using (true); create rule r as on insert to t do also notify y; create trigger g before update on t for each row execute function suppress_redundant_updates_trigger(); create domain d as int constraint dk check (value > 0); create type ct as (x int); create sequence s; create schema sc; create collation co from "C"; create function ef() returns event_trigger language plpgsql as 'begin end'; create event trigger et on sql_drop execute function ef();`,
    `create table t (a int, b int, c text, constraint k check (a > 0)); create index i on t (a); create function f() returns int language sql as 'select 1'; create statistics st on a, b from t; create policy p on t using (true); create rule r as on insert to t do also notify y; create trigger g before update on t for each row execute function suppress_redundant_updates_trigger(); create domain d as int constraint dk check (value > 0); create type ct as (x int); create sequence s; create schema sc; create collation co from "C"; create function ef() returns event_trigger language plpgsql as 'begin end'; create event trigger et on sql_drop execute function ef();
      comment on table t is 'a'; comment on column t.a is 'b'; comment on constraint k on t is 'c'; comment on index i is 'd'; comment on function f() is 'e'; comment on statistics st is 'f'; comment on policy p on t is 'g'; comment on rule r on t is 'h'; comment on trigger g on t is 'i'; comment on domain d is 'j'; comment on constraint dk on domain d is 'k'; comment on type ct is 'l'; comment on column ct.x is 'm'; comment on sequence s is 'n'; comment on schema sc is 'o'; comment on collation co is 'p'; comment on event trigger et is 'q';
      alter table t alter c set storage external, alter b set statistics 7, alter a set (n_distinct = 4), alter c set compression pglz; alter statistics st set statistics 9; alter function f() set work_mem = '1MB'; alter function f() set search_path = public, pg_catalog; alter table t set (autovacuum_vacuum_scale_factor = 0.1, toast_tuple_target = 500, parallel_workers = 2); alter table t cluster on i;`,
  ),
  pair(
    "a table whose rows are columns elsewhere, changed and made anew",
    `create table o (a int, b text); create table t (id int, o o, os o[]); create function f(o) returns int immutable language sql as 'select $1.a'; create view v as select (o).a from t; create table q (x int); create table r (q q default row(1)::q, n int);`,
    `create table o (a bigint, b text, c date); create table t (id int, o o, os o[]); create function f(o) returns int immutable language sql as 'select $1.a::int'; create view v as select (o).a from t; create table q (x int) partition by list (x); create table r (q q default row(1)::q, n int);`,
  ),
  pair(
    "a view whose rows are arguments, results and columns",
    `create table b (a int, n text); create view w as select a, n from b; create function one(w) returns w language sql as 'select $1'; create table k (w w); create function agg(w, w) returns w language sql as 'select $2'; create aggregate last_w(w) (sfunc = agg, stype = w);`,
    `create table b (a int, n text, d date); create view w as select d, a from b; create function one(w) returns w language sql as 'select $1'; create table k (w w); create function agg(w, w) returns w language sql as 'select $2'; create aggregate last_w(w) (sfunc = agg, stype = w);`,
  ),
  pair(
    "a recursive view, a view over a function over a view, and a cycle by strings",
    `create table n (id int, up int); create recursive view r (id) as select id from n where up is null union all select n.id from n join r on n.up = r.id; create function fr() returns setof r language sql as 'select * from r'; create view vr as select * from fr(); create function a() returns int language plpgsql as 'begin return b(); end'; create function b() returns int language plpgsql as 'begin return a(); end';`,
    `create table n (id bigint, up bigint, w int); create recursive view r (id, w) as select id, w from n where up is null union all select n.id, n.w from n join r on n.up = r.id; create function fr() returns setof r language sql as 'select * from r'; create view vr as select * from fr(); create function a(x int default 1) returns bigint language plpgsql as 'begin return b(); end'; create function b() returns bigint language plpgsql as 'begin return a(); end'; create view ab as select a() as x;`,
  ),
  pair(
    "primary keys that move, grow and get names, under publications, replica identities and clusters",
    `create table a (id int primary key, k uuid not null, n text); create table b (a int references a, x int, primary key (a, x)); alter table a replica identity default; create publication p for table a (id, n); create unique index a_k on a (k); create table c (a int, x int, foreign key (a, x) references b);`,
    `create table a (id int not null, k uuid constraint a_k primary key, n text); create table b (a uuid references a, x int, y int default 0, constraint b_key primary key (x, a, y)); create unique index a_id on a (id); alter table a replica identity using index a_id; create publication p for table a (id, k) where (id > 0); create table c (a uuid, x int, y int, foreign key (x, a, y) references b); cluster b using b_key;`,
  ),
  pair(
    "columns dropped and made under the same name with other natures",
    `create table t (a int, b text default 'x', c int generated always as (a + 1) stored, d int generated always as identity, e serial, f text collate "C", g int[] default '{1}', h varchar(3)); create index on t (b); create view v as select a, b, c, d from t;`,
    `create table t (a text, b int default 1, c int, d int default 5, e int generated by default as identity, f text, g int default 1, h bytea); create index on t (b); create view v as select a, b, c, d from t;`,
  ),
  pair(
    "checks and defaults that name what is renamed, and constraints that swap their names",
    `create table t (a int constraint x check (a > 0), b int constraint y check (b > 1), c int constraint z unique, d int constraint w unique); create index i1 on t (a); create index i2 on t (b); create trigger g1 before update on t for each row execute function suppress_redundant_updates_trigger();`,
    `create table t (a int constraint y check (a > 0), b int constraint x check (b > 1), c int constraint w unique, d int constraint z unique); create index i2 on t (a); create index i1 on t (b); create trigger g1 before update on t for each row when (new.a > 1) execute function suppress_redundant_updates_trigger();`,
  ),
  pair(
    "tables and views that swap their names",
    `create table a (x int primary key); create table b (y text); create view c as select x from a; create view d as select y from b; create function f() returns setof a language sql as 'select * from a';`,
    `create table b (x int primary key); create table a (y text); create view d as select x from b; create view c as select y from a; create function f() returns setof b language sql as 'select * from b';`,
  ),
  pair(
    "what a role has by way of another, owners of everything, and rights on columns of views",
    `create table t (a int, b int); alter table t owner to team; create view v as select * from t; alter view v owner to team; grant select (a) on v to reader; grant update (b) on v to reader with grant option; create schema z authorization team; create function z.f() returns int language sql as 'select 1'; alter function z.f() owner to app; create type z.e as enum ('a'); alter type z.e owner to app; create domain z.d as int; alter domain z.d owner to team; create sequence z.s; alter sequence z.s owner to app; create statistics z.st on a, b from t; alter statistics z.st owner to team; create collation z.co from "C"; alter collation z.co owner to app; create text search configuration z.tc (copy = simple); alter text search configuration z.tc owner to team; create publication pp for table t;`,
    `create table t (a int, b int); alter table t owner to app; create view v as select * from t; alter view v owner to reader; grant select on v to app; grant select (b) on v to app; create schema z authorization app; create function z.f() returns int language sql as 'select 1'; alter function z.f() owner to reader; create type z.e as enum ('a'); alter type z.e owner to writer; create domain z.d as int; alter domain z.d owner to writer; create sequence z.s; alter sequence z.s owner to writer; create statistics z.st on a, b from t; alter statistics z.st owner to writer; create collation z.co from "C"; alter collation z.co owner to writer; create text search configuration z.tc (copy = simple); alter text search configuration z.tc owner to writer; create publication pp for table t;`,
    `${roles} do $$begin create role team; exception when duplicate_object then null; end$$; grant app to team;`,
  ),
];
