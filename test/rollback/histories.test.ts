import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { catalogOracleFile } from "../drift/schema-pairs.ts";
import { readHistories } from "../histories/real-histories.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { judgeHistory, type JudgedHistory } from "./judge-history.ts";

/**
 * `GODWIT_ROLLBACK_HISTORY=name` judges the histories with that in their names, `GODWIT_ROLLBACK_FILES=100-200` those of their files,
 * `GODWIT_ROLLBACK_MAJOR=15` on that server, `GODWIT_ROLLBACK_EVERY=1` with each rolled back for real.
 */
const wanted = process.env["GODWIT_ROLLBACK_HISTORY"] ?? "";
const [from, to] = (process.env["GODWIT_ROLLBACK_FILES"] ?? "0-9999").split("-").map(Number);
const major = Number(process.env["GODWIT_ROLLBACK_MAJOR"] ?? 17) as PostgresMajor;
const every = Number(process.env["GODWIT_ROLLBACK_EVERY"] ?? 8);
const histories = readHistories().filter(({ name }) => name.includes(wanted));
const judged: JudgedHistory[] = [];

describe.skipIf(!existsSync(catalogOracleFile))(
  "the ways back of a real history",
  { timeout: 3_600_000 },
  () => {
    afterAll(() => {
      const total = judged.reduce((sum, { applied }) => sum + applied, 0);
      const counts = new Map<string, number>();
      for (const [verdict, count] of judged.flatMap(({ verdicts }) => Object.entries(verdicts)))
        counts.set(verdict, (counts.get(verdict) ?? 0) + count);
      const shares = [...counts].map(
        ([verdict, count]) => `${verdict} ${count} (${((100 * count) / total).toFixed(1)} %)`,
      );
      const carriedOut = judged.reduce((sum, each) => sum + each.carriedOut, 0);
      console.log(`${total} migrations: ${shares.join(", ")}. ${carriedOut} were rolled back for real.`);
    });

    it.each(histories)("$name: each is proved or says why not, and some are carried out", async (history) => {
      const database = await createSupabaseDatabase({ major });
      try {
        const limits = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
        const result = await judgeHistory(history, { url: database.url, every, ...limits });
        judged.push(result);
        console.log(history.name, JSON.stringify(result, undefined, 1));
        expect(Object.keys(result.verdicts).filter((verdict) => verdict === "unproven")).toEqual([]);
      } finally {
        await database.drop();
      }
    });
  },
);
