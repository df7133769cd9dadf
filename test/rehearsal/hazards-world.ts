/** What the labelled statements of hazards.json are about, in a fresh Supabase-like project. */
export const hazardsWorld = `
  create schema if not exists app;
  create table app.t (id int primary key, name text);
  insert into app.t values (1, 'a');
  create type public.e as enum ('a', 'b');
  create domain public.d as int;
  create table public.s (id int);
  create table public.orders (a int, b text, state public.e, amount public.d, constraint pk primary key (a));
  insert into public.orders select g, g::text from generate_series(1, 500) g;
  create table public.users_of_orders (id bigint primary key, o int references public.orders (a));
  create table public.child_with_fk (id bigint primary key, o int references public.orders (a));
  create table public.p (id int) partition by range (id);
  create table public.p1 (id int);
  create function public.f(i int) returns int language sql as 'select i';
  create function public.on_user() returns trigger language plpgsql as 'begin return new; end';
  create view public.v with (security_invoker = true) as select a from public.orders;
  create table public.notes (id bigint primary key, owner uuid);
  alter table public.notes enable row level security;
  create policy own on public.notes for select to authenticated using ((select auth.uid()) = owner);
`;

/** What has to be so before single statements: the world holds what most of them need. */
export const preparations: Readonly<Record<string, string>> = {
  B018: "alter table public.orders add constraint c check (a > 0) not valid",
  H008: "alter table public.orders drop constraint pk cascade",
  H012: "create index ix on public.orders (a)",
  H016: "alter table public.p attach partition public.p1 for values from (1) to (2)",
  H020: "alter table public.orders add constraint c check (a > 0) not valid",
  H026: "drop table public.users_of_orders, public.child_with_fk",
  H029: "drop view public.v; drop table public.users_of_orders, public.child_with_fk",
  H032: "drop table public.users_of_orders, public.child_with_fk",
  H043: "drop view public.v; drop table public.users_of_orders, public.child_with_fk",
  H049: "drop view public.v; drop table public.users_of_orders, public.child_with_fk; alter table public.orders drop constraint pk",
  H051: "drop function if exists public.f()",
  H055: "alter table public.orders drop column b",
  H072: "drop table public.notes",
  H079: "drop view public.v",
  // A fresh project has granted these already; the statement then changes nothing.
  H083: "revoke all on all tables in schema public from anon",
  H090: "alter default privileges for role postgres in schema public revoke all on tables from anon",
  H093: "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
};
