import { expect, it } from "vitest";
import { diffCatalogs } from "../../src/engine/compare/diff-catalogs.ts";
import { planSchemaChange } from "../../src/engine/plan/schema-change/plan-schema-change.ts";
import { describeChange, readCatalogAt } from "../drift/godwit-subject.ts";
import { runScripts } from "../drift/run-script.ts";
import { createDatabase } from "../support/test-database.ts";

/** Whatever the database is called. */
const own = (rest: string): string =>
  `do $do$ begin execute replace($sql$${rest}$sql$, ':name', quote_ident(current_database())); end $do$`;

it("what is said of the database itself is told, and closed both ways, whatever it is called", async () => {
  const [plain, other] = [await createDatabase({ major: 17 }), await createDatabase({ major: 17 })];
  try {
    const script = [
      own("comment on database :name is 'it''s the shop'"),
      own("revoke connect, temporary on database :name from public"),
      own("grant connect, create on database :name to pg_monitor with grant option"),
      own("alter database :name set search_path to shop, public"),
    ];
    expect(await runScripts(other.url, script)).toBeUndefined();
    const [without, told] = [await readCatalogAt(plain.url), await readCatalogAt(other.url)];
    expect(diffCatalogs(without, told).map(describeChange)).toEqual([
      "added comment on database",
      'added grant "CONNECT" on database to "pg_monitor"',
      'added grant "CONNECT" on database to public',
      'added grant "CREATE" on database to "pg_monitor"',
      'added grant "TEMPORARY" on database to public',
      'added setting "search_path" to public',
    ]);
    for (const [url, from, to] of [
      [plain.url, without, told] as const,
      [plain.url, told, without] as const,
    ]) {
      const plan = planSchemaChange({ from, to, changes: diffCatalogs(from, to) });
      expect(plan.refusals).toEqual([]);
      expect(
        await runScripts(
          url,
          plan.statements.map(({ sql }) => sql),
        ),
      ).toBeUndefined();
      expect(diffCatalogs(await readCatalogAt(url), to)).toEqual([]);
    }
  } finally {
    await Promise.all([plain.drop(), other.drop()]);
  }
});
