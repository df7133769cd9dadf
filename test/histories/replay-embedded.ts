import { expectFailures, expectListing, expectStates } from "./check-replay.ts";
import type { RealHistory } from "./real-histories.ts";
import { replayHistory } from "./replay-history.ts";

/** Applies a history as far as it goes in an embedded database, and holds it to what the plain replay did. */
export async function replayEmbedded(history: RealHistory): Promise<void> {
  const replayed = await replayHistory(history);
  expectListing(history, replayed);
  expectFailures(history, replayed, "pglite");
  expectStates(history, replayed);
}
