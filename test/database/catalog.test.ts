import { describe, expect, test } from "vitest";
import { alignVersions } from "../../src/engine/catalog/align-versions.ts";
import { readCatalog } from "../../src/engine/catalog/read-catalog.ts";
import { diffCatalogs } from "../../src/engine/compare/diff-catalogs.ts";
import { userStatement } from "../../src/engine/database/sql.ts";
import type { Catalog } from "../../src/engine/model/catalog.ts";
import type { Session } from "../../src/engine/ports.ts";
import { everyKind } from "./catalog/every-kind.ts";
import { catalogAfter, engines, runAll, withDatabase, type EngineName } from "./catalog/with-database.ts";

const publicSchema = 'schema "public"';

const expectedKinds = [
  "access_method aggregate cast collation column comment composite_type constraint conversion default",
  "default_privilege domain enum event_trigger extension foreign_data_wrapper foreign_table function grant index",
  "language materialized_view operator operator_class operator_family policy procedure publication publication_schema",
  "publication_table range rule schema sequence server statistics table text_search_configuration text_search_dictionary",
  "text_search_parser text_search_template trigger user_mapping view",
].flatMap((line) => line.split(" "));

const filled = new Map<EngineName, Promise<Catalog>>();

function filledCatalog(engine: EngineName): Promise<Catalog> {
  const known = filled.get(engine) ?? catalogAfter(engine, everyKind);
  filled.set(engine, known);
  return known;
}

describe.each(engines)("the snapshot of %s", (engine) => {
  test("has every kind and leaves nothing out", async () => {
    const catalog = await filledCatalog(engine);
    const kinds = new Set([...catalog.facts.values()].map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(expectedKinds);
    expect(catalog.unmodelled).toEqual([]);
  });

  test("points only at facts that it holds", async () => {
    const { facts } = await filledCatalog(engine);
    const pointedAt = [...facts.values()].flatMap(({ parent, dependsOn, mayUse }) => [
      ...(parent === undefined ? [] : [parent]),
      ...dependsOn,
      ...mayUse,
    ]);
    expect(pointedAt.filter((key) => !facts.has(key))).toEqual([]);
  });

  test("is one statement", async () => {
    await withDatabase(engine, async (session) => {
      const sent: string[] = [];
      const counted: Session = {
        ...session,
        run: (query) => {
          sent.push(query.text);
          return session.run(query);
        },
      };
      await readCatalog(counted);
      expect(sent).toHaveLength(1);
    });
  });

  test("is the same whatever the session's settings, and leaves them alone", async () => {
    await withDatabase(engine, async (session) => {
      await runAll(session, everyKind);
      const before = await readCatalog(session);
      await runAll(session, [
        `begin`,
        `set local search_path = app, public`,
        `set local datestyle = 'German'`,
        `set local intervalstyle = 'iso_8601'`,
        `set local timezone = 'Asia/Tokyo'`,
        `set local extra_float_digits = -5`,
        `set local quote_all_identifiers = on`,
      ]);
      const after = await readCatalog(session);
      expect(diffCatalogs(before, after)).toEqual([]);
      expect(await shown(session, "search_path")).toBe("app, public");
      expect(await shown(session, "datestyle")).toMatch(/^German/);
      await runAll(session, [`rollback`]);
    });
  });

  test("reports what no kind models", async () => {
    const catalog = await catalogAfter(engine, [
      `select lo_create(424242)`,
      `revoke execute on function pg_catalog.pg_sleep(double precision) from public`,
    ]);
    expect(catalog.unmodelled).toEqual([
      { kind: "large object", name: "424242" },
      { kind: "privileges of a system function", name: "pg_sleep(double precision)" },
    ]);
  });
});

describe.each(["PGlite", "PostgreSQL 17", "PostgreSQL 18"] as const)(
  "one schema on 15 and on %s",
  (engine) => {
    test("differs in how a view of one table is written, and in nothing else", async () => {
      const { left, right } = alignVersions(
        await filledCatalog("PostgreSQL 15"),
        await filledCatalog(engine),
      );
      const differing = diffCatalogs(left, right).map((change) => [
        change.key,
        change.kind === "altered" ? change.attribute : change.kind,
      ]);
      expect(differing).toEqual([['view "app"."names"', "definition"]]);
    });
  },
);

test("an operator class needs the operators and functions that are its members", async () => {
  const { facts } = await filledCatalog("PostgreSQL 17");
  const pairs = [...facts.values()].find(({ key }) => key === 'operator_class "app"."pairs" (btree)');
  expect(pairs?.dependsOn).toEqual([
    'composite_type "app"."pair"',
    'function "app"."compare" (app.pair, app.pair)',
    'operator "app"."====" (app.pair, app.pair)',
    'operator_family "app"."pairs" (btree)',
    'schema "app"',
  ]);
});

test("one schema on 17 and on 18 is the same", async () => {
  const { left, right } = alignVersions(
    await filledCatalog("PostgreSQL 17"),
    await filledCatalog("PostgreSQL 18"),
  );
  expect(diffCatalogs(left, right)).toEqual([]);
});

test("secrets among options are never read out, and a changed one still differs", async () => {
  const withPassword = (password: string) => [
    `create foreign data wrapper wrapper`,
    `create server far foreign data wrapper wrapper options (host 'h', password '${password}')`,
  ];
  const one = await catalogAfter("PostgreSQL 17", withPassword("hunter2"));
  const other = await catalogAfter("PostgreSQL 17", withPassword("hunter3"));
  expect(JSON.stringify([...one.facts])).not.toContain("hunter2");
  expect(diffCatalogs(one, one)).toEqual([]);
  expect(diffCatalogs(one, other)).toMatchObject([{ attribute: "fdwOption.password" }]);
});

test("what an extension brought is not listed", async () => {
  const before = [
    `create extension btree_gist`,
    `create table t (span int4range, exclude using gist (span with &&))`,
  ];
  const catalog = await catalogAfter("PGlite", before);
  const kinds = [...catalog.facts.values()].map(({ kind }) => kind);
  expect(kinds).not.toContain("operator_class");
  expect(kinds).not.toContain("function");
  expect(catalog.facts.size).toBeLessThan(12);
});

test("what people changed among the privileges that an extension brought is told, the rest is not", async () => {
  const { facts } = await catalogAfter("PostgreSQL 17", [
    `create extension pg_trgm`,
    `grant execute on function similarity(text, text) to drift_reader with grant option`,
    `revoke usage on language plpgsql from public`,
  ]);
  const grants = [...facts.values()].filter(
    ({ kind, parent }) => kind === "grant" && parent !== publicSchema,
  );
  expect(grants.map(({ key, attributes }) => [key, attributes])).toEqual([
    [
      'grant "EXECUTE" on function "public"."similarity" (text, text) to "drift_reader"',
      { target: "routine public.similarity(text, text)", grantable: true },
    ],
    ['grant "USAGE" on language "plpgsql" to public', { target: "language plpgsql", revoked: true }],
  ]);
});

test("a role without any right reads all but what user mappings hold", async () => {
  await withDatabase("PostgreSQL 17", async (session) => {
    await runAll(session, everyKind);
    const full = await readCatalog(session);
    await runAll(session, [`set role pg_read_all_stats`]);
    const poor = await readCatalog(session);
    expect(diffCatalogs(full, poor).map(({ key }) => key)).toEqual(['user_mapping "far" to "drift_reader"']);
  });
});

test("what only 18 knows is told there", async () => {
  const { facts } = await catalogAfter("PostgreSQL 18", [
    `create table t (
       a integer constraint must not null,
       b integer generated always as (a + 1) virtual,
       constraint loose check (a > 0) not enforced
     )`,
  ]);
  const attributesOf = (key: string) => [...facts.values()].find((fact) => fact.key === key)?.attributes;
  expect(attributesOf('column "public"."t"."a"')).toMatchObject({ notNull: true, notNullName: "must" });
  expect(attributesOf('column "public"."t"."b"')).toMatchObject({
    generated: "virtual",
    expression: "(a + 1)",
  });
  expect(attributesOf('constraint "public"."t"."loose"')).toEqual({
    type: "check",
    definition: "CHECK ((a > 0))",
    notEnforced: true,
  });
});

async function shown(session: Session, setting: string): Promise<unknown> {
  const { rows } = await session.run(userStatement(`select current_setting('${setting}') as value`));
  return rows[0]?.["value"];
}
