/** The tables that the measured statements of measured-locks-pg15.json are about, inferred from what those statements did. */
export const locksWorld = `
  create schema lk;
  create domain lk.dm as int;
  create type lk.en as enum ('a', 'b');
  create sequence lk.sq;
  create table lk.parent (id bigint primary key, k2 bigint unique);
  insert into lk.parent select g, g from generate_series(1, 20000) g;
  create table lk.child (id bigint primary key, pid bigint references lk.parent (id));
  create table lk.cl (id int primary key);
  create table lk.dmt (id int, v lk.dm);
  insert into lk.dmt select g, g from generate_series(1, 20000) g;
  create table lk.t (
    id bigint primary key, a int, b varchar(20), c text, d timestamp, e numeric(10, 2), f int not null, j json,
    ts timestamptz default now(), ck int, pid bigint
  );
  insert into lk.t select g, g, g::text, 'x', now(), g, g, '{}', now(), g, g from generate_series(1, 20000) g;
  -- What a rolled-back update leaves is read again by later index builds, as when this was measured.
  alter table lk.t set (autovacuum_enabled = false);
  create index t_a on lk.t (a);
  create unique index t_id2 on lk.t (f);
  alter table lk.t add constraint ck check (ck is not null);
  alter table lk.t add constraint ckv check (f > 0);
  alter table lk.t add constraint ck_nv check (a >= 0) not valid;
  alter table lk.t add constraint fk_nv foreign key (pid) references lk.parent (id) not valid;
  create view lk.v as select id, a from lk.t;
  create materialized view lk.mv as select id, f from lk.t;
  create unique index mv_id on lk.mv (id);
  create function lk.tf() returns trigger language plpgsql as 'begin return new; end';
  create function lk.fn(i int) returns int language sql immutable as 'select i';
  create trigger trg before update on lk.t for each row execute function lk.tf();
  create policy pol on lk.t for select using (true);
  create table lk.part (id int) partition by range (id);
  create table lk.part1 partition of lk.part for values from (0) to (10);
  create table lk.part_def partition of lk.part default;
  insert into lk.part_def select g + 1000 from generate_series(1, 20000) g;
  create table lk.part_new (id int);
  insert into lk.part_new select 10 + g % 10 from generate_series(1, 20000) g;
  create publication lkpub;
  analyze;
`;
