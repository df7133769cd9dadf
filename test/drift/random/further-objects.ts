import type { Choose } from "./choose.ts";

/** Kinds that few schemas have: operators, aggregates, casts, text search, foreign data, collations, languages of their own. */
export function writeFurther(choose: Choose): string {
  return [operators(choose), textSearch(choose), foreign(choose), collations(choose), moved(choose)].join(
    "\n",
  );
}

function operators(choose: Choose): string {
  const has = choose("complex", "yes", "yes", "");
  if (has === "") return "";
  return `
    create type complex as (r ${choose("complex.r", "int", "int", "float8")}, i int);
    create function complex_lt(complex, complex) returns bool immutable language sql as 'select $1.r < $2.r';
    create function complex_cmp(complex, complex) returns int immutable language sql as 'select ($1.r - $2.r)::int';
    create operator <# (leftarg = complex, rightarg = complex, function = complex_lt ${choose("complex.operator", "", ", commutator = >#", ", restrict = scalarltsel, join = scalarltjoinsel")});
    ${choose("complex.class", "", "create operator class complex_ops for type complex using btree as operator 1 <#, function 1 complex_cmp(complex, complex);", "create operator family complex_f using btree; create operator class complex_ops for type complex using btree family complex_f as operator 1 <#, function 1 complex_cmp(complex, complex);")}
    create function complex_add(int, complex) returns int immutable language sql as 'select $1 + $2.i';
    ${choose("complex.sum", "", "create aggregate complex_sum(complex) (sfunc = complex_add, stype = int, initcond = '0');", "create aggregate complex_sum(complex) (sfunc = complex_add, stype = int, initcond = '5', parallel = safe); comment on aggregate complex_sum(complex) is 's'; create view v_complex as select complex_sum(row(1, 2)::complex) as s;")}
    create function complex_int(complex) returns int immutable language sql as 'select $1.i';
    ${choose("complex.cast", "", "create cast (complex as int) with function complex_int(complex);", "create cast (complex as int) with function complex_int(complex) as assignment;")}
    ${choose("complex.table", "", "create table complexes (c complex, d complex default row(1, 2)::complex, n int check (n > 0));")}`;
}

function textSearch(choose: Choose): string {
  return `
    ${choose("dictionary", "create text search dictionary plain (template = simple);", "create text search dictionary plain (template = simple, accept = false, stopwords = english);", "create text search dictionary plain (template = snowball, language = english);")}
    ${choose("search", "create text search configuration words (parser = default); alter text search configuration words add mapping for word with plain;", "create text search configuration words (copy = simple); alter text search configuration words alter mapping for asciiword with plain, simple;", "create text search configuration words (copy = english); comment on text search configuration words is 'w';")}
    ${choose("documents", "", "create table documents (body text); create index documents_body on documents using gin (to_tsvector('public.words', body));", "create table documents (body text, vector tsvector generated always as (to_tsvector('public.words', body)) stored); create index documents_vector on documents using gin (vector);")}`;
}

function foreign(choose: Choose): string {
  const has = choose("foreign", "", "yes", "yes");
  if (has === "") return "";
  return `
    create foreign data wrapper far ${choose("far", "", "options (debug 'true')")};
    create server there ${choose("there", "", "type 'db'", "version '2'")} foreign data wrapper far ${choose("there.options", "", "options (host 'a', port '1')", "options (port '2')")};
    ${choose("there.grant", "", "grant usage on foreign server there to app; comment on server there is 's';")}
    ${choose("mapping", "", "create user mapping for app server there;", "create user mapping for public server there;")}
    ${choose("distant", "", "create foreign table distant (id int, note text) server there;", "create foreign table distant (id bigint options (n 'x') not null, note text default 'x', constraint c check (id > 0)) server there options (t 'u'); grant select on distant to app;", "create foreign table distant (note text, id int) server there; create view v_distant as select id from distant;")}`;
}

function collations(choose: Choose): string {
  return `
    ${choose("german", `create collation german (provider = icu, locale = 'de');`, `create collation german (provider = icu, locale = 'de', deterministic = false);`, `create collation german from "C";`)}
    ${choose("german.table", "", "create table german_words (w text collate german, p text); create index german_i on german_words (p collate german);", "create table german_words (w text, p text collate german default 'x'); create index german_i on german_words (w collate german, p);")}
    ${choose("german.domain", "", "create domain german_text as text collate german;")}`;
}

/** Objects of the same name in one schema or another, or of another kind. */
function moved(choose: Choose): string {
  return `
    create schema ${choose("second.owner", "second", "second authorization app")};
    ${choose("second.grant", "", "grant usage on schema second to reader;", "comment on schema second is 'more';")}
    create ${choose("thing", "table public.thing (id serial primary key)", "table second.thing (id serial primary key)", "view public.thing as select 1 as id", "materialized view public.thing as select 1 as id", "sequence public.thing", "type public.thing as (id int)", "table public.thing (id int generated always as identity)")};
    create ${choose("does", "function public.does(a int) returns int language sql as 'select 1'", "procedure public.does(a int) language sql as 'select 1'", "function second.does(a int, out b int) returns int language sql as 'select 1'", "function public.does(a int, out b int, out c text) language sql as $$select 1, 'x'$$", "function public.does(a int) returns table (x int, y text) rows 5 language sql as $$select 1, 'x'$$", "aggregate public.does(int) (sfunc = int4pl, stype = int)")};
    ${choose("swap", "create table one (a int); create view two as select a from one;", "create view one as select 1 as a; create table two (a int);", "create table two (a int); create view one as select a from two;")}
    ${choose("circle", "", "create table left_side (id int primary key, r int); create table right_side (id int primary key, l int references left_side); alter table left_side add foreign key (r) references right_side;")}
    ${choose("recursion", "", "create table tree (id int primary key, up int references tree); create function depth(t tree) returns int language sql as 'select 1'; create view v_tree as select depth(t) from tree t; alter table tree add check (depth(tree) > 0);", "create table tree (id int primary key, up int); create function depth(t tree) returns int language sql as 'select 2'; create index tree_depth on tree (id); create policy p on tree using (depth(tree) > 0);")}`;
}
