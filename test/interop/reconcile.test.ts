import { describe, test } from "vitest";
import { expectCliAgrees, expectNoDrift, openExample, openScenario, reconcileAll } from "./reconciled.ts";
import { findCli } from "./supabase-cli.ts";

const cli = findCli() ?? "";

/** Two of many: `npm run test:baseline` has the others. */
describe.skipIf(cli === "")("after reconciling, the Supabase CLI 3.1.0", { timeout: 180_000 }, () => {
  test("agrees on the founding example, and no layer has drift", async () => {
    const meeting = await openExample(cli);
    await reconcileAll(meeting, [{ truth: "database" }]);
    await expectNoDrift(meeting, "compared");
    await expectCliAgrees(meeting, 4);
  });

  test("agrees on a folder that was numbered, and pushes what was pending", async () => {
    const meeting = await openScenario(cli, "sequential-numbering", "executed");
    await reconcileAll(meeting, [{ actions: ["convert_names"] }, { truth: "database" }]);
    await expectCliAgrees(meeting, 3);
    await expectNoDrift(meeting, "left out");
  });
});
