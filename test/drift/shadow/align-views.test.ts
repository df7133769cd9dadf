import { expect, it, vi } from "vitest";
import { alignVersions } from "../../../src/engine/catalog/align-versions.ts";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import { alignViews } from "../../../src/engine/shadow/align-views.ts";
import { withShadow } from "../../../src/engine/shadow/replay.ts";
import { createDatabase } from "../../support/test-database.ts";
import { describeChange, readCatalogAt } from "../godwit-subject.ts";
import { runScripts } from "../run-script.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const schema = `
  create table t (id int primary key, name text, note text);
  create view short as select id, name from t where name <> '';
  create view joined as select a.id, b.name from t a join t b using (id) order by a.id;
  create materialized view counted as select name, count(*) from t group by name;`;
const changed = "create view other as select id from t";

it("takes a view on PostgreSQL 15 for what the files say, and one that was changed for a difference", async () => {
  const database = await createDatabase({ major: 15 });
  try {
    expect(await runScripts(database.url, [schema, `${changed} where id > 1`])).toBeUndefined();
    const live = await readCatalogAt(database.url);
    const files = [schema, `${changed} where id > 2`].map((sql, index) => ({ path: `${index}.sql`, sql }));
    const changes = await withShadow({ files, likeness: "postgres" }, async (shadow) => {
      const aligned = await alignViews(live, shadow);
      const { left, right } = alignVersions(aligned, shadow.catalog);
      return diffCatalogs(left, right);
    });
    const views = changes.filter((change) => change.key.includes("view"));
    expect(views.map(({ key }) => key)).toEqual(['view "public"."other"']);
    expect(changes.map(describeChange)).toHaveLength(1);
  } finally {
    await database.drop();
  }
});
