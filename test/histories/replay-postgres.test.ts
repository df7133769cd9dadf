import { describe, test } from "vitest";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { expectFailures, expectListing, expectStates } from "./check-replay.ts";
import { hasHistories, readHistories } from "./real-histories.ts";
import { replayHistory } from "./replay-history.ts";

const majors: readonly PostgresMajor[] = [15, 17, 18];

describe.skipIf(!hasHistories)("real histories from ../shared on real servers", () => {
  for (const history of readHistories()) {
    test.each(majors)(
      `${history.name} gets as far as a correct replay does on Postgres %i`,
      { timeout: 300_000 },
      async (major) => {
        const database = await createSupabaseDatabase({ major });
        try {
          const replayed = await replayHistory(history, database.url);
          expectListing(history, replayed);
          expectFailures(history, replayed, "native18");
          expectStates(history, replayed);
        } finally {
          await database.drop();
        }
      },
    );
  }
});
