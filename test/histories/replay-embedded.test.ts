import { describe, test } from "vitest";
import { expectFailures, expectListing, expectStates } from "./check-replay.ts";
import { hasHistories, readHistories } from "./real-histories.ts";
import { replayHistory } from "./replay-history.ts";

describe.skipIf(!hasHistories)("real histories from ../shared in the embedded database", () => {
  for (const history of readHistories()) {
    test(
      `${history.name} is listed in full and gets as far as a correct replay does`,
      { timeout: 300_000 },
      async () => {
        const replayed = await replayHistory(history);
        expectListing(history, replayed);
        expectFailures(history, replayed, "pglite");
        expectStates(history, replayed);
      },
    );
  }
});
