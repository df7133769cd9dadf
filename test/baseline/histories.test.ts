import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readCatalog } from "../../src/engine/catalog/read-catalog.ts";
import { readSetUpRows } from "../../src/engine/catalog/set-up-rows.ts";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { makeBaseline } from "../../src/engine/shadow/make-baseline.ts";
import { comparable } from "../../src/engine/use-cases/compare-with-files.ts";
import { readHistories } from "../histories/real-histories.ts";
import { replayHistory } from "../histories/replay-history.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { describeChange } from "../drift/godwit-subject.ts";

const only = process.env["ONLY"];
for (const history of readHistories().filter(({ name }) => only === undefined || name.includes(only)))
  test(history.name, async () => {
    const db = await createSupabaseDatabase();
    try {
      let t = performance.now();
      await replayHistory(history, db.url);
      console.log(history.name, "replayed", Math.round(performance.now() - t));
      const database = await openDatabase({ kind: "postgres", url: db.url });
      const [live, rows] = await database.withSession(async (s) => {
        const catalog = await readCatalog(s);
        return [catalog, await readSetUpRows(s, catalog)] as const;
      });
      await database.close();
      t = performance.now();
      const made = await makeBaseline({ live, rows, likeness: "supabase", cacheFolder: "/tmp/bl/cache", compose: (x) => x, path: "b.sql", isComparable: (c) => comparable([c]).length > 0, pending: [] });
      mkdirSync("/tmp/bl", { recursive: true });
      writeFileSync(`/tmp/bl/${history.name}.sql`, made.text);
      console.log(history.name, Math.round(performance.now() - t), "ms", made.text.length, "diffs", made.differences.length, "fail", made.failures.length, "rows", made.rowDifferences, made.leftOut, made.refusals.length);
      console.log(made.differences.slice(0, 15).map(describeChange).join("\n"));
      console.log(JSON.stringify(made.failures.slice(0, 10), null, 1));
      expect(made.differences.length + made.failures.length).toBe(0);
    } finally {
      await db.drop();
    }
  });
