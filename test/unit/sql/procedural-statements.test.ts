import { expect, test } from "vitest";
import { readProceduralBody } from "../../../src/engine/sql/procedural-statements.ts";

/** The statements of a body in a few words; what is put together at run time is marked. */
async function statementsOf(body: string): Promise<readonly string[]> {
  const found = await readProceduralBody(body);
  return found.map(({ node, text, isDynamic }) => {
    const makesTable = "SelectStmt" in node && node.SelectStmt.intoClause !== undefined;
    return `${makesTable ? "makes a table: " : ""}${isDynamic ? "! " : ""}${text.trim().replace(/\s+/g, " ")}`;
  });
}

const unknown = "! select godwit_unknown()";

test.each<readonly [string, readonly string[]]>([
  ["begin delete from t; end", ["delete from t"]],
  ["begin if a then delete from t; else truncate t; end if; end", ["delete from t", "truncate t"]],
  ["begin for i in 1..2 loop delete from t; end loop; end", ["delete from t"]],
  ["begin for r in select 1 loop null; end loop; end", ["select 1"]],
  ["begin x := 1; for r in select 1 loop null; end loop; end", ["select 1"]],
  ["begin for r in delete from t returning 1 loop null; end loop; end", ["delete from t returning 1"]],
  ["begin return query delete from t returning 1; end", ["delete from t returning 1"]],
  ["begin return next; return x; end", []],
  ["begin perform f(1); end", ["perform f(1)"]],
  ["begin select 1 into x; end", ["select 1 into x"]],
  ["begin select a, b into strict x, y from t; end", ["select a, b into strict x, y from t"]],
  [
    "begin insert into t values (1) returning id into x; end",
    ["insert into t values (1) returning id into x"],
  ],
  [
    "begin merge into t using s on true when matched then delete; end",
    ["merge into t using s on true when matched then delete"],
  ],
  ["begin x := f(1); y := 2; end", ["f(1)"]],
  ["declare x int := f(); begin end", ["f()"]],
  ["begin -- delete from t;\n raise notice 'delete from t;'; end", []],
  ["begin this is no sql; drop drop; end", []],
  ["begin case when a then delete from t; end case; end", ["delete from t"]],
  ["begin execute 'drop table t'; end", ["! drop table t"]],
  ["begin execute 'drop table t; drop table s'; end", ["! drop table t", "! drop table s"]],
  ["begin execute 'select 1' into x using y; end", ["! select 1"]],
  ["begin execute $q$insert into t select 'using' $q$; end", ["! insert into t select 'using'"]],
  ["begin execute 'drop table ' || x; end", ["! drop table godwit_unknown"]],
  ["begin execute 'drop' || ' table ' || quote_ident(x); end", ["! drop table godwit_unknown"]],
  ["begin execute concat('drop table ', x, ';'); end", ["! drop table godwit_unknown"]],
  ["begin execute concat_ws(' ', 'drop', 'table', 't'); end", ["! drop table t"]],
  ["begin execute format('drop table %I', x); end", ['! drop table "godwit_unknown"']],
  ["begin execute format('drop table %I.%I', 'a', 'b'); end", ['! drop table "a"."b"']],
  ["begin execute format('drop table %2$I.%1$I', 'a', 'b'); end", ['! drop table "b"."a"']],
  ["begin execute format('comment on table t is %L', 'it''s'); end", ["! comment on table t is 'it''s'"]],
  ["begin execute format('%s', 'drop table t'); end", ["! drop table t"]],
  ["begin execute format('select ''100%%'''); end", ["! select '100%'"]],
  ["begin execute replace('drop_table_t', '_', ' '); end", ["! drop table t"]],
  ["begin execute replace('drop table t', '', 'x'); end", ["! drop table t"]],
  ["begin execute replace('drop table ' || x, '_', ' '); end", ["! drop table godwit_unknown"]],
  ["begin execute 'drop table t'::text; end", ["! drop table t"]],
  ["begin execute (select string_agg('drop table ' || a, ';') from s); end", ["! drop table godwit_unknown"]],
  ["declare q text := 'drop table t'; begin execute q; end", ["! drop table t"]],
  ["declare Q constant varchar(20) not null = 'drop table t'; begin execute q; end", ["! drop table t"]],
  ["declare q text default 'drop table t'; begin execute q; end", ["! drop table t"]],
  ["begin q := 'drop '; q := q || 'table t'; execute q; end", [unknown, "! drop table t"]],
  ["begin q := 'drop table a'; q := 'drop table b'; execute q; end", ["! drop table a", "! drop table b"]],
  ["begin select 'drop table t' into q; execute q; end", ["select 'drop table t' into q", "! drop table t"]],
  ["begin select into q 'drop table t'; execute q; end", ["select into q 'drop table t'", "! drop table t"]],
  [
    "begin select 1, 'drop table t' into n, q from s; execute q; end",
    ["select 1, 'drop table t' into n, q from s", "! drop table t"],
  ],
  [
    "begin for r in select 'drop table t' as c from s loop execute r.c; end loop; end",
    ["select 'drop table t' as c from s", "! drop table t"],
  ],
  [
    "begin for c in select 'drop table t' from s loop execute c; end loop; end",
    ["select 'drop table t' from s", "! drop table t"],
  ],
  ["begin execute x; end", [unknown]],
  ["begin execute f(1); end", [unknown]],
  ["begin execute 5; end", [unknown]],
  ["begin execute not sql at all here; end", [unknown]],
])("%s runs %j", async (body, expected) => {
  expect(await statementsOf(body)).toEqual(expected);
});

test("a variable with endless values is followed to sixteen of them", async () => {
  const values = Array.from({ length: 40 }, (_, index) => `q := 'drop table t${index}';`);
  expect(await statementsOf(`begin ${values.join(" ")} execute q; end`)).toHaveLength(16);
});

test("a statement stands where it begins in its body", async () => {
  const body = "begin\n  delete from t;\n  execute 'x';\nend";
  const starts = (await readProceduralBody(body)).map(({ start }) => body.slice(start, start + 7));
  expect(starts).toEqual(["delete ", "execute"]);
});
