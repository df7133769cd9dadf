import { expect, test } from "vitest";
import { followNames } from "../../../src/engine/confirmation/follow-names.ts";
import { planOf } from "./plan-of.ts";

async function followed(sql: string) {
  return followNames([await planOf(sql)]);
}

/** What a text takes away, each act as a few words under the names of before. */
async function takenBy(sql: string): Promise<readonly string[]> {
  const acts = followNames([await planOf(sql)]);
  return acts.map(({ act, madeAfter }) => {
    const fields = Object.entries(act).flatMap(([name, value]) => {
      if (name === "kind" || value === undefined || value === false) return [];
      if (value === true) return [name];
      return typeof value === "string" ? [value] : [[value.schema, value.name].filter(Boolean).join(".")];
    });
    return [act.kind, ...fields, ...(madeAfter.length === 0 ? [] : [`makes ${madeAfter.length}`])].join(" ");
  });
}

test.each([
  ["drop table a, s.b", ["drop relation a", "drop relation s.b"]],
  ["drop table a cascade", ["drop relation a cascades"]],
  ["drop foreign table f", []],
  ["drop foreign table f cascade", ["drop relation f cascades"]],
  ["drop view v", []],
  ["drop materialized view v cascade", ["drop relation v cascades"]],
  ["drop sequence s cascade; drop index i cascade", ["drop relation s cascades", "drop relation i cascades"]],
  ["drop type t", []],
  ["drop type t cascade; drop domain d cascade", ["drop type t cascades", "drop type d cascades"]],
  ["drop function f(int) cascade", ["drop routine f cascades"]],
  ["drop function f(int)", []],
  ["drop schema s", ["drop schema s"]],
  ["drop extension e", ["drop extension e"]],
  ["drop collation c cascade", []],
  ["drop policy p on s.t", ["drop_policy s.t p"]],
  ["drop policy p on t; create policy p on t using (true)", []],
  ["drop policy p on t; create policy q on t using (true)", ["drop_policy t p"]],
  ["drop policy p on t; create policy p on u using (true)", ["drop_policy t p"]],
  ["alter table t drop column a, drop b cascade", ["drop_column t a", "drop_column t b cascades"]],
  ["alter view v drop column a", []],
  ["alter table t alter a type int", ['change_type t a "pg_catalog"."int4"']],
  ["alter table t alter a type int using a", ['change_type t a "pg_catalog"."int4"']],
  ["alter table t alter a type int using a::int", ['change_type t a "pg_catalog"."int4"']],
  ["alter table t alter a type int using b::int", ['change_type t a "pg_catalog"."int4" isComputed']],
  ["alter table t alter a type int using a::text::int", ['change_type t a "pg_catalog"."int4" isComputed']],
  ["alter table t alter a type int using length(a)", ['change_type t a "pg_catalog"."int4" isComputed']],
  ["alter table t alter a type numeric(10, 2)[]", ['change_type t a "pg_catalog"."numeric"(10,2)[]']],
  ["alter table t disable row level security", ["lift_row_security t"]],
  ["alter table t no force row level security", ["lift_row_security t"]],
  ["alter table t enable row level security", []],
  ["truncate a, b", ["truncate a", "truncate b"]],
  ["truncate a cascade", ["truncate a cascades"]],
  ["delete from t", ["delete_all t"]],
  ["delete from t where true", ["delete_all t"]],
  ["delete from t where id = id or id = 2", ["delete_all t"]],
  ["delete from t where coalesce(true, a)", ["delete_all t"]],
  ["delete from t where name like '%'", ["delete_all t"]],
  ["delete from t where a is null or a is not null", ["delete_all t"]],
  ["delete from t where id = 2", []],
  ["delete from t where false", []],
  ["update t set a = 1", ["update_all t"]],
  ["update t set a = 1 where id = 2", []],
  ["with d as (delete from t returning *) select * from d", ["delete_all t"]],
  ["explain analyze delete from t", ["delete_all t"]],
  ["create function f() returns void begin atomic delete from t; end", []],
  ["create rule r as on insert to t do also delete from t", []],
  ["prepare d as delete from t", []],
  ["drop owned by r", ["sweep DROP OWNED"]],
  ["drop database d", ["sweep DROP DATABASE"]],
  ["do $$ begin drop table a; end $$", ["drop relation a"]],
  ["do $$ begin alter table a rename to b; end $$; drop table b", ["drop relation b"]],
  ["do $$ begin execute 'drop table a'; end $$", ["drop relation a"]],
  ["do $$ declare q text := 'drop table a'; begin execute q; end $$", ["drop relation a"]],
  ["do $$ begin execute format('drop table %I', x); end $$", ["sweep EXECUTE in a DO block"]],
  ["do $$ begin execute x; end $$", []],
  ["do $$ begin alter table a drop column b; end $$", ["drop_column a b"]],
  ["do $$ begin alter table a disable row level security; end $$", ["lift_row_security a"]],
  ["do $$ begin alter table a alter b type text; end $$", ['change_type a b "text"']],
  ["do $$ begin truncate a; delete from b; end $$", ["truncate a", "delete_all b"]],
  ["do $$ begin update a set b = 1; end $$", ["update_all a"]],
  ["do $$ begin drop policy p on a; drop owned by r; end $$", ["drop_policy a p", "sweep DROP OWNED"]],
  ["drop view v cascade; create table w as select 1", ["drop relation v cascades"]],
  ["drop view v cascade; create materialized view w as select 1", ["drop relation v cascades makes 1"]],
  ["alter table a rename to b; drop table b", ["drop relation a"]],
  ["alter table a rename to b; drop table a", []],
  ["alter table a rename to b; create table a (); truncate a", []],
  ["alter table a set schema s; drop table s.a", ["drop relation a"]],
  ["alter table a rename column x to y; alter table a drop column y", ["drop_column a x"]],
  ["alter table a rename column x to y; alter table a drop column x", []],
  [
    "alter table a rename to b; alter table b rename column x to y; alter table b alter y type int",
    ['change_type a x "pg_catalog"."int4"'],
  ],
  ["alter schema s rename to z; drop table z.a; drop schema z", ["drop relation s.a", "drop schema s"]],
  [
    "alter table a rename to b; delete from b; alter table b disable row level security",
    ["delete_all a", "lift_row_security a"],
  ],
  ["alter table a rename to b; drop policy p on b", ["drop_policy a p"]],
  [
    "drop view v cascade; create view v as select 1; create view w as select 1",
    ["drop relation v cascades makes 2"],
  ],
  [
    "create view w as select 1; drop view v cascade; create trigger g before insert on t for each row execute function f()",
    ["drop relation v cascades makes 1"],
  ],
  ["drop table t; create view t as select 1", ["drop relation t"]],
])("%s takes away %j", async (sql, expected) => {
  expect(await takenBy(sql)).toEqual(expected);
});

test("names without a schema are looked for where the file says", async () => {
  const acts = followNames([
    await planOf("set search_path = shop, public; drop view v cascade; create view w as select 1"),
  ]);
  expect(acts).toMatchObject([
    {
      searchPath: ["shop", "public"],
      line: 1,
      madeAfter: [{ what: "relation", relation: { schema: "shop", name: "w" } }],
    },
  ]);
});

test.each([
  ["f()", 0],
  ["f(a int, b text)", 2],
  ["f(a int, inout b int, out c int, variadic d int[])", 3],
])("a function %s is made with %i arguments", async (head, count) => {
  const made = `drop view v cascade; create function ${head} language sql as ''`;
  expect((await followed(made))[0]?.madeAfter).toMatchObject([{ what: "routine", arguments: count }]);
});

test("a function's table of results is none of its arguments", async () => {
  const made =
    "drop view v cascade; create function f(a int) returns table (b int, c int) language sql as ''";
  expect((await followed(made))[0]?.madeAfter).toMatchObject([{ what: "routine", arguments: 1 }]);
});

test("what a run has done already counts no more, and what one file makes is another's matter", async () => {
  const first = await planOf("drop view v cascade; create index concurrently i on t (a); drop table b");
  expect(followNames([{ ...first, stepsDone: 1 }]).map(({ act }) => act.kind)).toEqual(["drop"]);
  const second = await planOf("create view w as select 1");
  expect(followNames([first, second])[0]?.madeAfter).toEqual([]);
});
