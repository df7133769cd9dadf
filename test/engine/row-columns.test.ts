import { expect, it } from "vitest";
import { diffCatalogs } from "../../src/engine/compare/diff-catalogs.ts";
import { planSchemaChange } from "../../src/engine/plan/schema-change/plan-schema-change.ts";
import { readCatalogAt } from "../drift/godwit-subject.ts";
import { runScripts, withClient } from "../drift/run-script.ts";
import { createDatabase } from "../support/test-database.ts";

it("rows of a table that are in a column elsewhere outlive that their table's columns change", async () => {
  const [from, to] = [await createDatabase({ major: 17 }), await createDatabase({ major: 17 })];
  try {
    const before = `create table public.place (x int, name text); create table public.trip (id int, at public.place, past public.place[]);
      insert into public.trip values (1, row(3, 'it''s'), array[row(4, 'b')::public.place]), (2, null, null);`;
    const after =
      "create table public.place (x bigint, name varchar(20), more date); create table public.trip (id int, at public.place, past public.place[]);";
    expect(await runScripts(from.url, [before])).toBeUndefined();
    expect(await runScripts(to.url, [after])).toBeUndefined();
    const [ours, theirs] = [await readCatalogAt(from.url), await readCatalogAt(to.url)];
    const { statements, refusals } = planSchemaChange({
      from: ours,
      to: theirs,
      changes: diffCatalogs(ours, theirs),
    });
    expect(refusals).toEqual([]);
    const script = ["begin", ...statements.map(({ sql }) => sql), "commit"].join(";\n");
    const failure = await runScripts(from.url, [script]);
    // What is many in one value waits as text, which has no names: it comes back where no column came or went.
    expect(failure?.message).toContain("malformed record literal");
    await withClient(from.url, (client) => client`update public.trip set past = null`);
    expect(await runScripts(from.url, [script])).toBeUndefined();
    expect(diffCatalogs(await readCatalogAt(from.url), theirs)).toEqual([]);
    const rows = await withClient(
      from.url,
      (client) =>
        client`select id, (at).x::text, (at).name, at is null as is_none from public.trip order by id`,
    );
    expect([...rows]).toEqual([
      { id: 1, x: "3", name: "it's", is_none: false },
      { id: 2, x: null, name: null, is_none: true },
    ]);
  } finally {
    await Promise.all([from.drop(), to.drop()]);
  }
});
