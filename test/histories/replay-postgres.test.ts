import { describe, test } from "vitest";
import { hasHistories, readHistories } from "./real-histories.ts";
import { replayOnServer, serverMajors } from "./replay-on-server.ts";

// Each history on every server: npm run test:drift.
describe.skipIf(!hasHistories)("real histories from ../shared on real servers, one server each", () => {
  test.each(readHistories().map((history, index) => ({ ...history, index })))(
    "$name gets as far as a correct replay does",
    { timeout: 600_000 },
    ({ index, ...history }) => replayOnServer(history, serverMajors[index % serverMajors.length] ?? 17),
  );
});
