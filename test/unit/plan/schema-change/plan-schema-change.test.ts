import { describe, expect, it } from "vitest";
import { diffCatalogs } from "../../../../src/engine/compare/diff-catalogs.ts";
import { factKey, type Catalog, type Fact } from "../../../../src/engine/model/catalog.ts";
import { planSchemaChange } from "../../../../src/engine/plan/schema-change/plan-schema-change.ts";
import { catalog, fact, table } from "./catalog-builder.ts";

const plan = (from: Catalog, to: Catalog) => planSchemaChange({ from, to, changes: diffCatalogs(from, to) });
const sqlOf = (from: Catalog, to: Catalog) =>
  plan(from, to)
    .statements.filter(({ subject }) => subject !== undefined)
    .map(({ sql }) => sql);
const columnKey = (within: string, name: string) =>
  factKey({ kind: "column", schema: "public", within, name });

const viewOf = (columns: Readonly<Record<string, string>>, definition: string): readonly Fact[] => {
  const id = { kind: "view", schema: "public", name: "v" } as const;
  const own = fact(id, {
    attributes: {
      owner: "postgres",
      definition,
      columnNames: Object.keys(columns),
      "option.security_invoker": "true",
    },
    dependsOn: Object.keys(columns).map((name) => columnKey("t", name)),
  });
  const parts = Object.entries(columns).map(([name, type], index) =>
    fact(
      { kind: "column", schema: "public", within: "v", name },
      { parent: own.key, position: index + 1, attributes: { type } },
    ),
  );
  const reader = fact(
    { kind: "grant", name: "SELECT", on: own.key, grantee: { kind: "role", name: "reader" } },
    { parent: own.key },
  );
  const comment = fact(
    { kind: "comment", name: "", on: own.key },
    { parent: own.key, attributes: { text: "it's" } },
  );
  return [own, ...parts, reader, comment];
};

describe("planning a schema change", () => {
  it("plans nothing for equal catalogs", () => {
    const same = catalog(...table("t", { a: "integer" }));
    expect(plan(same, same)).toEqual({ statements: [], refusals: [], renames: [] });
  });

  it("grants on a function that an extension brings, and not on the extension", () => {
    const extension = fact({ kind: "extension", name: "pgcrypto" });
    const grant = fact(
      { kind: "grant", name: "EXECUTE", on: extension.key, grantee: { kind: "role", name: "anon" } },
      { parent: extension.key, attributes: { target: "routine extensions.armor(bytea)" } },
    );
    const granted = sqlOf(catalog(), catalog(extension, grant)).filter((sql) => sql.startsWith("grant"));
    expect(granted).toEqual(['grant execute on routine extensions.armor(bytea) to "anon"']);
  });

  it("closes every change with some statement", () => {
    const from = catalog(...table("t", { a: "integer", b: "text" }));
    const to = catalog(...table("t", { a: "bigint", c: "text" }), ...table("u", { x: "integer" }));
    const closed = plan(from, to).statements.flatMap(({ closes }) => closes);
    expect(new Set(closed)).toEqual(new Set(diffCatalogs(from, to)));
  });

  it("makes a view step aside while its column gets another type, and gives back options, grants and comment", () => {
    const from = catalog(
      ...table("t", { a: "integer" }),
      ...viewOf({ a: "integer" }, "select a from public.t"),
    );
    const to = catalog(...table("t", { a: "bigint" }), ...viewOf({ a: "bigint" }, "select a from public.t"));
    const sql = sqlOf(from, to);
    const place = (start: string) => sql.findIndex((statement) => statement.startsWith(start));
    expect(place("drop view")).toBeLessThan(place('alter table "public"."t" alter column "a" type bigint'));
    expect(place("alter table")).toBeLessThan(place("create view"));
    expect(sql[place("create view")]).toContain("security_invoker = true");
    expect(sql).toContain('grant select on table "public"."v" to "reader"');
    expect(sql).toContain(`comment on view "public"."v" is 'it''s'`);
  });

  it("replaces a view in place where columns only come last", () => {
    const from = catalog(
      ...table("t", { a: "integer", b: "text" }),
      ...viewOf({ a: "integer" }, "select a from public.t"),
    );
    const to = catalog(
      ...table("t", { a: "integer", b: "text" }),
      ...viewOf({ a: "integer", b: "text" }, "select a, b from public.t"),
    );
    const sql = sqlOf(from, to);
    expect(sql).toHaveLength(1);
    expect(sql[0]).toMatch(/^create or replace view/);
  });

  it("commits a new enum label before a default uses it, and not where nothing uses it", () => {
    const id = { kind: "enum", schema: "public", name: "mood" } as const;
    const mood = (...labels: readonly string[]) => fact(id, { attributes: { owner: "postgres", labels } });
    const withDefault = (label: string) => [
      ...table("t", { m: "public.mood" }),
      fact(
        { kind: "default", schema: "public", within: "t", name: "m" },
        {
          parent: columnKey("t", "m"),
          attributes: { expression: `'${label}'::public.mood` },
          dependsOn: [factKey(id)],
        },
      ),
    ];
    const used = plan(catalog(mood("a"), ...withDefault("a")), catalog(mood("a", "b"), ...withDefault("b")));
    const unused = plan(
      catalog(mood("a"), ...withDefault("a")),
      catalog(mood("a", "b"), ...withDefault("a")),
    );
    expect(used.statements.find(({ startsNewTransaction }) => startsNewTransaction)?.sql).toContain(
      "set default 'b'",
    );
    expect(unused.statements.some(({ startsNewTransaction }) => startsNewTransaction)).toBe(false);
  });

  it("drops the foreign keys between two tables before either table", () => {
    const keyOf = (within: string) => factKey({ kind: "table", schema: "public", name: within });
    const reference = (within: string, to: string) =>
      fact(
        { kind: "constraint", schema: "public", within, name: `${within}_fk` },
        { parent: keyOf(within), attributes: { type: "foreign key" }, dependsOn: [keyOf(to)] },
      );
    const from = catalog(
      ...table("a", { x: "integer" }),
      ...table("b", { x: "integer" }),
      reference("a", "b"),
      reference("b", "a"),
    );
    const sql = sqlOf(from, catalog());
    const firstTable = sql.findIndex((statement) => statement.startsWith("drop table"));
    expect(
      sql.slice(0, firstTable).filter((statement) => statement.includes("drop constraint")),
    ).toHaveLength(2);
  });

  it("names the loss of data and the lock of what it drops", () => {
    const { statements } = plan(catalog(...table("t", { a: "integer" })), catalog());
    const dropped = statements.find(({ sql }) => sql.startsWith("drop table"));
    expect(dropped?.hazards).toEqual(["DELETES_DATA", "ACCESS_EXCLUSIVE_LOCK"]);
  });

  it("offers a rename for a column that differs in its name alone, and does not assume it", () => {
    const { renames, statements } = plan(
      catalog(...table("t", { a: "integer", old: "text" })),
      catalog(...table("t", { a: "integer", new: "text" })),
    );
    expect(renames.map(({ sql }) => sql)).toEqual(['alter table "public"."t" rename column "old" to "new"']);
    expect(statements.some(({ sql }) => sql.includes('drop column "old"'))).toBe(true);
  });

  it("takes a built-in privilege away from a new function that has none", () => {
    const made = fact(
      { kind: "function", schema: "public", name: "f", signature: "" },
      { attributes: { owner: "postgres" }, statement: "CREATE OR REPLACE FUNCTION public.f() …" },
    );
    expect(sqlOf(catalog(), catalog(made))).toContain(
      'revoke execute on function "public"."f"() from public',
    );
  });

  it("refuses by name what no rule covers", () => {
    const odd = (value: string) =>
      catalog(fact({ kind: "table", schema: "public", name: "t" }, { attributes: { oddity: value } }));
    const { refusals } = plan(odd("a"), odd("b"));
    expect(refusals[0]?.reason).toContain("oddity");
  });
});
