import { describe, test } from "vitest";
import { hasHistories, readHistories } from "./real-histories.ts";
import { replayEmbedded } from "./replay-embedded.ts";

/** Two histories have ten times the files of the others and are replayed on a server here; npm run test:drift replays them embedded, too. */
const mostFiles = 100;

describe.skipIf(!hasHistories)("real histories from ../shared in the embedded database", () => {
  test.each(readHistories().filter(({ fileNames }) => fileNames.length <= mostFiles))(
    "$name is listed in full and gets as far as a correct replay does",
    { timeout: 300_000 },
    (history) => replayEmbedded(history),
  );
});
