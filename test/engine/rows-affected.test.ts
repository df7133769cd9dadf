import { expect, it } from "vitest";
import { createPlayground } from "./playground.ts";

const before = `
  create schema other;
  create table public.parents (id int primary key, value int);
  create table public.children (id int primary key, parent int references public.parents on delete cascade);
  create table other.log (what text);
  create function other.note() returns trigger language plpgsql as 'begin insert into other.log values (tg_op); return null; end';
  create trigger note after delete on public.children for each row execute function other.note();
  create table public.days (id int, day date) partition by range (day);
  create table public.january partition of public.days for values from ('2026-01-01') to ('2026-02-01');
  create table public.february partition of public.days for values from ('2026-02-01') to ('2026-03-01');
  create table public.spare (id int);
  create rule also as on insert to public.spare do also insert into other.log values ('spare');
  insert into public.parents select g, 0 from generate_series(1, 5) g;
  insert into public.children select g, g from generate_series(1, 5) g;
`;

/** SQL, and the rows that it changes as counted by hand. */
const cases: readonly (readonly [string, number])[] = [
  // One child goes with its parent, and is logged.
  ["delete from public.parents where id = 1;", 3],
  // One deleted with a child that is logged, one updated, one inserted.
  [
    "merge into public.parents p using (values (2), (3), (9)) s (id) on p.id = s.id when matched and s.id = 2 then delete when matched then update set value = 1 when not matched then insert values (s.id, 0);",
    5,
  ],
  [
    "insert into public.parents values (3, 7), (10, 7) on conflict (id) do update set value = excluded.value;",
    2,
  ],
  // A row that moves to another partition is deleted there and inserted here.
  ["insert into public.days values (1, '2026-01-05'); update public.days set day = '2026-02-05';", 3],
  ["insert into public.spare values (1), (2);", 4],
  // Two held and one inserted go; two more come.
  ["delete from other.log; drop rule also on public.spare;", 4],
  [
    "insert into public.spare values (3); truncate public.spare; insert into public.spare values (4), (5);",
    6,
  ],
];

it("counts every row that a migration changed, wherever that was", async () => {
  const files = Object.fromEntries(cases.map(([sql], index) => [`2026010100000${index}_step.sql`, sql]));
  const ground = await createPlayground({ before, files });
  const asked = await ground.apply();
  const report =
    asked.status === "confirmation_required" ? await ground.apply({ confirm: asked.plan_id ?? "" }) : asked;
  expect(report.migrations.map(({ rows_affected }) => rows_affected)).toEqual(cases.map(([, rows]) => rows));
});
