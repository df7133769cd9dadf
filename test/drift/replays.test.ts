import { describe, test } from "vitest";
import { hasHistories, readHistories } from "../histories/real-histories.ts";
import { replayEmbedded } from "../histories/replay-embedded.ts";
import { replayOnServer, serverMajors } from "../histories/replay-on-server.ts";

// npm test replays each history on one server, and the shorter ones in the embedded database.
describe.skipIf(!hasHistories)("real histories from ../shared on every engine", () => {
  for (const history of readHistories()) {
    test.each(serverMajors)(`${history.name} gets as far as a correct replay does on Postgres %i`, (major) =>
      replayOnServer(history, major),
    );
    test(`${history.name} gets as far as a correct replay does in the embedded database`, () =>
      replayEmbedded(history));
  }
});
