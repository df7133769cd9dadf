import type { Probe } from "./probes.ts";

const roles = "create role app; create role reader;";

const pair = (name: string, before: string, after: string, common = roles): Probe => ({
  name,
  common,
  before,
  after,
});

/** Types, and what is made of them, in each other. */
export const typePairs: readonly Probe[] = [
  pair(
    "an enum and a domain that change places below a composite type",
    `create domain s as text check (value in ('a', 'b')); create type c as (n int, s s); create table t (a c, b s, d s[], e c[]); create view v as select (a).s, b from t;`,
    `create type s as enum ('a', 'b'); create type c as (n int, s s); create table t (a c, b s, d s[], e c[]); create view v as select (a).s, b from t;`,
  ),
  pair(
    "a range whose constructors lost what default privileges gave, made anew",
    `create type r as range (subtype = int); alter default privileges revoke execute on functions from public; alter default privileges grant execute on functions to app;
      create type q as range (subtype = int); create table t (a r, b q default q(1, 2));`,
    `create type r as range (subtype = bigint); create type z as range (subtype = text, collation = "C"); alter default privileges revoke execute on functions from public; alter default privileges grant execute on functions to app;
      create type q as range (subtype = bigint, multirange_type_name = qs); revoke execute on function q(bigint, bigint) from app; grant execute on function qs(q) to reader with grant option; create table t (a r, b q default q(1, 2));`,
  ),
  pair(
    "a composite type as argument, result, column, array, domain and view, that gains, loses and moves attributes",
    `create type p as (x int, y text, z date); create table t (id int primary key, p p, ps p[]); create function f(p) returns p immutable language sql as 'select $1'; create function g() returns setof p language sql as 'select p from t';
      create view v as select (p).x, (p).y, f(p) as fp from t; create domain dp as p check ((value).x > 0); create table u (d dp); create index i on t (((p).x)); create function last2(p, p) returns p immutable language sql as 'select $2'; create aggregate last_p(p) (sfunc = last2, stype = p);`,
    `create type p as (y text, x bigint, w numeric); create table t (id int primary key, p p, ps p[]); create function f(p) returns p immutable language sql as 'select $1'; create function g() returns setof p language sql as 'select p from t';
      create view v as select (p).x, (p).y, f(p) as fp from t; create domain dp as p check ((value).x > 0); create table u (d dp); create index i on t (((p).x)); create function last2(p, p) returns p immutable language sql as 'select $2'; create aggregate last_p(p) (sfunc = last2, stype = p);`,
  ),
  pair(
    "domains over domains whose checks call functions",
    `create function ok(t text) returns bool immutable language sql as 'select true'; create domain d1 as text check (ok(value)); create domain d2 as d1 default 'x' not null; create table t (a d2, b d1[], c text default 'q'::d1); create function f(d2) returns d1 language sql as 'select $1'; create view v as select a::d1 as a from t;`,
    `create function ok(t text, n int default 1) returns bool immutable language sql as 'select true'; create domain d1 as varchar(20) check (ok(value)) constraint short check (length(value) < 9); create domain d2 as d1 default 'y'; create table t (a d2 not null, b d1[], c text default 'q'::d1); create function f(d2) returns d1 language sql as 'select $1'; create view v as select a::d1 as a from t;`,
  ),
  pair(
    "an enum's labels that change in a partition key, a range of it, a generated column and a function's default",
    `create type e as enum ('a', 'b', 'c'); create table t (k e, n int) partition by list (k); create table ta partition of t for values in ('a'); create table tb partition of t for values in ('b', 'c');
      create type er as range (subtype = e); create table u (r er, k e, g text generated always as (case when k = 'a' then 'A' else 'B' end) stored); create function f(k e default 'b') returns e language sql as 'select k';`,
    `create type e as enum ('c', 'a', 'd', 'b'); create table t (k e, n int) partition by list (k); create table ta partition of t for values in ('a'); create table tb partition of t for values in ('b', 'c');
      create type er as range (subtype = e); create table u (r er, k e, g text generated always as (case when k = 'a' then 'A' else 'B' end) stored); create function f(k e default 'd') returns e language sql as 'select k';`,
  ),
  pair(
    "columns from text to enum, json to jsonb, int to bool, timestamp to timestamptz, text to arrays, with defaults",
    `create type e as enum ('a', 'b'); create table t (a text default 'a', b json default '{}', c int default 0, d timestamp default now(), e text, f varchar(5) default 'x', g numeric, h uuid, i text default '1', j bytea, k date default current_date, l interval);
      create index on t (a) where a = 'b'; create view v as select a, b, c, f from t where c = 1;`,
    `create type e as enum ('a', 'b'); create table t (a e default 'a' not null, b jsonb default '{}', c bool default false, d timestamptz default now(), e text[], f char(9) default 'y', g int, h text, i int default 1, j text, k timestamptz default now(), l text);
      create index on t (a) where a = 'b'; create view v as select a, b, c, f from t where c;`,
  ),
  pair(
    "operators, casts and classes over a type that is made anew",
    `create type m as (a numeric, c text); create function m_add(m, m) returns m immutable language sql as 'select $1'; create operator + (leftarg = m, rightarg = m, function = m_add, commutator = +);
      create function m_num(m) returns numeric immutable language sql as 'select $1.a'; create cast (m as numeric) with function m_num(m) as assignment; create aggregate sum(m) (sfunc = m_add, stype = m);
      create table t (m m, n m[] ); create view v as select m + m as mm, sum(m) over () as s from t;`,
    `create type m as (c text, a numeric(20, 4)); create function m_add(m, m) returns m immutable strict language sql as 'select $1'; create operator + (leftarg = m, rightarg = m, function = m_add, commutator = +);
      create function m_num(m) returns numeric immutable language sql as 'select $1.a'; create cast (m as numeric) with function m_num(m) as implicit; create aggregate sum(m) (sfunc = m_add, stype = m, parallel = safe);
      create table t (m m, n m[] ); create view v as select m + m as mm, sum(m) over () as s from t;`,
  ),
  pair(
    "collations of a database's columns, indexes and domains, made anew below a view",
    `create collation de (provider = icu, locale = 'de-DE'); create domain name as text collate de; create table t (a text collate de, b name, c varchar(9) collate "C"); create index on t (a, b); create view v as select a, b, a < b as less from t; create unique index u on t (c collate "POSIX");`,
    `create collation de (provider = icu, locale = 'de-AT', deterministic = false); create domain name as text collate de; create table t (a text collate de, b name, c varchar(9) collate de); create index on t (a, b); create view v as select a, b, a < b as less from t; create unique index u on t (c collate "POSIX");`,
  ),
  pair(
    "identity and serial in every mix",
    `create table a (id serial primary key); create table b (id int generated always as identity); create table c (id int primary key); create table d (id bigserial, n int); create table e (id smallint generated by default as identity (start 5 cache 3)); create sequence s owned by d.n; alter table d alter n set default nextval('s');`,
    `create table a (id bigint generated always as identity primary key); create table b (id serial); create table c (id int generated by default as identity primary key); create table d (id int not null, n bigint generated always as identity (sequence name s increment 7)); create table e (id bigint generated always as identity (maxvalue 1000 cycle));`,
  ),
  pair(
    "a table that becomes a view and a view that becomes a table, with what stands on them",
    `create table base (id int primary key, n text); create table x (id int primary key, n text); create view y as select id, n from base; create view on_x as select x.id, y.n from x join y using (id); create function f() returns setof x language sql as 'select * from x'; create policy p on x using (true); grant select on x, y to reader; comment on table x is 'x'; comment on view y is 'y';`,
    `create table base (id int primary key, n text); create view x as select id, n from base; create table y (id int primary key, n text, check (n <> '')); create view on_x as select x.id, y.n from x join y using (id); create function f() returns setof x language sql as 'select * from x'; grant select on x, y to reader; comment on view x is 'x'; comment on table y is 'y';`,
  ),
  pair(
    "a column that takes a sequence, a function and another table's row type as defaults in turn",
    `create sequence q; create table o (a int, b text); create function nxt() returns int language sql as 'select 1'; create table t (a int default nextval('q'), b int default nxt(), c o default row(1, 'x')::o, d int);`,
    `create function nxt() returns bigint language sql as 'select 2'; create table o (a int, b text, c date); create sequence q2; create table t (a bigint default nxt(), b int default nextval('q2'), c o, d int default nxt()); alter sequence q2 owned by t.b;`,
  ),
  pair(
    "inherited tables that become partitions",
    `create table m (id int not null, at date not null, v text, check (id > 0)); create table m1 (check (at < '2024-01-01')) inherits (m); create table m2 (extra int) inherits (m); create index on m1 (id); alter table m1 add primary key (id, at); create view v as select * from m;`,
    `create table m (id int not null, at date not null, v text, check (id > 0), primary key (id, at)) partition by range (at); create table m1 partition of m for values from (minvalue) to ('2024-01-01'); create table m2 partition of m default; create view v as select * from m;`,
  ),
];
