import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { expectFailures, expectListing, expectStates } from "./check-replay.ts";
import type { RealHistory } from "./real-histories.ts";
import { replayHistory } from "./replay-history.ts";

export const serverMajors: readonly PostgresMajor[] = [15, 17, 18];

/** Applies a history as far as it goes on a fresh project, and holds it to what the plain replay did. */
export async function replayOnServer(history: RealHistory, major: PostgresMajor): Promise<void> {
  const database = await createSupabaseDatabase({ major });
  try {
    const replayed = await replayHistory(history, database.url);
    expectListing(history, replayed);
    expectFailures(history, replayed, "native18");
    expectStates(history, replayed);
  } finally {
    await database.drop();
  }
}
