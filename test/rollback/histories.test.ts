import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { catalogOracleFile } from "../drift/schema-pairs.ts";
import { readHistories } from "../histories/real-histories.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { judgeHistory, type JudgedHistory } from "./judge-history.ts";

/** `GODWIT_ROLLBACK_HISTORY=name npm run test:rollback` judges the histories with that in their names. */
const wanted = process.env["GODWIT_ROLLBACK_HISTORY"] ?? "";
const histories = readHistories().filter(({ name }) => name.includes(wanted));
const every = 8;
const judged: JudgedHistory[] = [];

describe.skipIf(!existsSync(catalogOracleFile))(
  "the ways back of a real history",
  { timeout: 3_600_000 },
  () => {
    afterAll(() => {
      const total = judged.reduce((sum, { applied }) => sum + applied, 0);
      const proven = judged.reduce(
        (sum, { verdicts }) => sum + (verdicts["proven"] ?? 0) + (verdicts["proven_schema_only"] ?? 0),
        0,
      );
      const lossy = judged.reduce((sum, { verdicts }) => sum + (verdicts["lossy"] ?? 0), 0);
      console.log(`${proven} of ${total} migrations proved, ${lossy} more with losses that are named.`);
    });

    it.each(histories)("$name: each is proved or says why not, and some are carried out", async (history) => {
      const database = await createSupabaseDatabase();
      try {
        const result = await judgeHistory(history, { url: database.url, every });
        judged.push(result);
        console.log(history.name, JSON.stringify(result, undefined, 1));
        expect(Object.keys(result.verdicts).filter((verdict) => verdict === "unproven")).toEqual([]);
      } finally {
        await database.drop();
      }
    });
  },
);
