import { describe, test } from "vitest";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { expectFailures, expectListing, expectStates } from "./check-replay.ts";
import { hasHistories, readHistories, type RealHistory } from "./real-histories.ts";
import { replayHistory } from "./replay-history.ts";

const isThorough = process.env["GODWIT_ALL_MAJORS"] === "1";
// The two histories with most files take as long as the others together.
const mostFiles = 100;

/** Postgres 17 for every history and, in turns, 15 or 18 for the smaller ones; all three for all with GODWIT_ALL_MAJORS=1. */
function majorsFor({ fileNames }: RealHistory, position: number): readonly PostgresMajor[] {
  if (isThorough) return [15, 17, 18];
  if (fileNames.length > mostFiles) return [17];
  return position % 2 === 0 ? [15, 17] : [17, 18];
}

describe.skipIf(!hasHistories)("real histories from ../shared on real servers", () => {
  for (const [position, history] of readHistories().entries()) {
    test.each(majorsFor(history, position))(
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
