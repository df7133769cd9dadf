import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogOracleFile } from "../drift/schema-pairs.ts";
import { judgeHistory } from "../rollback/judge-history.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { readHistories } from "./real-histories.ts";

const [history] = readHistories().filter(({ name }) => name.includes("chatbot-ui"));

describe.skipIf(!existsSync(catalogOracleFile) || history === undefined)(
  "the beginning of a real history",
  () => {
    it("is rolled back migration by migration, as the independent query sees it", async () => {
      if (history === undefined) throw new Error("skipped without histories");
      const database = await createSupabaseDatabase();
      try {
        const result = await judgeHistory(history, { url: database.url, to: 6, every: 3 });
        expect(result.without).toEqual([]);
        expect(result.carriedOut).toBeGreaterThan(0);
      } finally {
        await database.drop();
      }
    });
  },
);
