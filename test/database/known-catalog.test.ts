import { expect, test } from "vitest";
import { readCatalog } from "../../src/engine/catalog/read-catalog.ts";
import { diffCatalogs } from "../../src/engine/compare/diff-catalogs.ts";
import type { Session } from "../../src/engine/ports.ts";
import { engines, runAll, withDatabase } from "./catalog/with-database.ts";

/** The session, and whether the server sent the schema in each answer. */
function watched(session: Session): { readonly session: Session; readonly isSent: readonly boolean[] } {
  const isSent: boolean[] = [];
  const run: Session["run"] = async (query) => {
    const result = await session.run(query);
    isSent.push(result.rows[0]?.["snapshot"] !== null);
    return result;
  };
  return { session: { ...session, run }, isSent };
}

const schema = ["create schema app", "create table app.users (id bigint primary key, name text not null)"];

test.each(engines)("a schema that is as it was is looked at and not sent again on %s", async (engine) => {
  await withDatabase(engine, async (plain) => {
    const { session, isSent } = watched(plain);
    await runAll(plain, [...schema, "begin"]);
    const before = await readCatalog(session);
    expect(await readCatalog(session)).toBe(before);
    await runAll(plain, ["savepoint later", "comment on schema app is 'Changed.'"]);
    const after = await readCatalog(session);
    expect(diffCatalogs(before, after).map(({ key }) => key)).toEqual(['comment on schema "app"']);
    await runAll(plain, ["rollback to savepoint later"]);
    expect(await readCatalog(session)).toBe(before);
    await runAll(plain, ["rollback"]);
    expect(isSent).toEqual([true, false, true, false]);
  });
});

test("another role's view of the same schema is another one", async () => {
  await withDatabase("PostgreSQL 17", async (session) => {
    const before = await readCatalog(session);
    await runAll(session, ["begin", "create role known_catalog_reader", "set role known_catalog_reader"]);
    expect((await readCatalog(session)).currentRole).toBe("known_catalog_reader");
    await runAll(session, ["rollback"]);
    expect(await readCatalog(session)).toBe(before);
  });
});
