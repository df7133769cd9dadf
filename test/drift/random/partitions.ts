import type { Choose } from "./choose.ts";

/** Partitioned tables of several levels, tables that inherit, typed tables. */
export function writePartitions(choose: Choose): string {
  return [partitioned(choose), inherited(choose), typed(choose)].join("\n");
}

function partitioned(choose: Choose): string {
  if (choose("events", "partitioned", "partitioned", "partitioned", "plain", "") === "plain")
    return "create table events (id bigint not null, kind text not null default 'a', at date not null, note text); create index events_note on events (note);";
  if (choose("events", "partitioned", "partitioned", "partitioned", "plain", "") === "") return "";
  return `
    create table events (
      id ${choose("events.id", "bigint", "int")} not null,
      kind text not null ${choose("events.kind", "", "default 'a'")},
      at date not null,
      ${choose("events.more", "", "more int default 3,", "more text,")}
      ${choose("events.check", "", "constraint short check (length(note) < 50),", "constraint short check (length(note) < 500),")}
      note text ${choose("events.note", "", "not null", "default 'x'")}
    ) partition by ${choose("events.by", "range (at)", "range (at)", "range (at)", "list (kind)")};
    ${choose("events.by", "range", "range", "range", "list") === "list" ? listParts(choose) : rangeParts(choose)}
    ${choose("events.pk", "", "alter table events add primary key (id, at, kind);", "alter table events add constraint events_u unique (kind, id, at);")}
    ${choose("events.index", "", "create index events_note on events (note);", "create index events_note on events (note, at) where id > 0;", "create index events_note on only events (note);")}
    ${choose("events.fk", "", "alter table events add constraint events_line foreign key (id, at, kind) references events_target (id, at, kind);").replace(/^(.+)$/, "create table events_target (id bigint, at date, kind text, primary key (id, at, kind)); $1")}
    ${choose("events.trigger", "", "create trigger e after insert on events for each row execute function touch();", "create trigger e before insert on events for each row execute function touch(); alter table events disable trigger e;")}
    ${choose("events.rls", "", "alter table events enable row level security; create policy p on events using (id > 0);")}
    ${choose("events.grant", "", "grant select on events to reader;")}
    ${choose("events.comment", "", "comment on table events is 'parts'; comment on column events.note is 'n';")}
    ${choose("events.view", "", "create view v_events as select kind, count(*) from events group by 1;")}`;
}

function rangeParts(choose: Choose): string {
  return `
    create table events_1 partition of events for values from (minvalue) to (${choose("events_1", "'2024-01-01'", "'2023-01-01'")});
    ${choose(
      "events_2",
      "create table events_2 partition of events for values from ('2024-01-01') to ('2025-01-01');",
      "create table events_2 partition of events for values from ('2024-01-01') to ('2025-01-01') partition by list (kind); create table events_2_a partition of events_2 for values in ('a', 'b'); create table events_2_z partition of events_2 default;",
      "create table events_2 partition of events for values from ('2024-01-01') to ('2025-01-01') partition by hash (id); create table events_2_a partition of events_2 for values with (modulus 2, remainder 0); create table events_2_z partition of events_2 for values with (modulus 2, remainder 1);",
      "",
      "create table events_2 (note text, id bigint not null, kind text not null, at date not null);",
    )}
    ${choose("events_d", "create table events_d partition of events default;", "create table events_d partition of events default with (fillfactor = 50); create index events_d_own on events_d (kind);", "create unlogged table events_d partition of events (note default 'own') default;", "")}
    ${choose("events_1.own", "", "create index own on events_1 (at desc);", "alter table events_1 add constraint own check (id > 5);", "grant select on events_1 to app; comment on table events_1 is 'first';", "alter table events_1 alter note set default 'first';")}`;
}

function listParts(choose: Choose): string {
  return `
    create table events_1 partition of events for values in ('a');
    ${choose("events_2l", "", "create table events_2 partition of events for values in ('b', 'c');", "create table events_2 partition of events for values in ('b', null) partition by range (at, id); create table events_2_a partition of events_2 for values from ('2024-01-01', minvalue) to ('2025-01-01', maxvalue);")}`.replace(
    "('b', null)",
    "('b')",
  );
}

function inherited(choose: Choose): string {
  const has = choose("animals", "yes", "yes", "");
  if (has === "") return "";
  return `
    create table animals (id int ${choose("animals.id", "", "not null", "default 4")}, ${choose("animals.name", "name text", "name varchar", "name text check (name <> '')")}, legs int);
    create table pets (owner text);
    create table dogs (${choose("dogs", "tail int", "tail int default 1, breed text", "legs int, tail int")}) inherits (animals${choose("dogs.of", "", ", pets")});
    ${choose("dogs.own", "", "alter table dogs alter legs set default 4;", "alter table dogs add constraint loud check (tail > 0);", "alter table dogs alter legs set not null;")}
    ${choose("animals.check", "", "alter table animals add constraint legged check (legs > 0);", "alter table animals add constraint legged check (legs > 1) no inherit;")}
    ${choose("puppies", "", "create table puppies () inherits (dogs);", "create table puppies (age int) inherits (dogs); create index on puppies (age);")}
    ${choose("cats", "", "create table cats (id int, name text, legs int, lives int);")}`;
}

function typed(choose: Choose): string {
  return `
    create type place as (${choose("place", "x int, y int", "x int, y int, z int", "x bigint, y int")});
    ${choose("places", "", "create table places of place;", "create table places of place (x primary key, y default 5 not null);", "create table places (x int, y int, extra text);")}
    ${choose("place.use", "", "create table spots (id int, at place, ats place[]);", "create function at(p place) returns int language sql as 'select 1';", "create view v_place as select null::place as q;")}`;
}
