import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { applyHistory } from "./apply-history.ts";
import { hasHistories, readHistories } from "./real-histories.ts";
import { describeItems, lastFile, makeByHand } from "./twenty-drifts.ts";

describe.skipIf(!hasHistories)(
  "a real history on a server; npm run test:drift does it for all of them",
  () => {
    it("shows no drift as applied, and exactly the twenty changes that were made by hand", async () => {
      const history = readHistories().find(({ name }) => name === "marmelab__atomic-crm");
      if (history === undefined) throw new Error("The history is absent.");
      const database = await createSupabaseDatabase({ major: 17 });
      const { project } = await applyHistory(history, { url: database.url, lastFile });
      const client = postgres(database.url, { max: 1, onnotice: () => undefined });
      try {
        const detect = () => project.engine.detectDrift({ schema: true }, { answerSize: "whole" });
        expect(await detect()).toMatchObject({ has_drift: false, drift: [] });
        const expected = await makeByHand(client);
        expect(describeItems((await detect()).drift, expected)).toEqual(expected);
      } finally {
        await client.end();
        await project.remove();
        await database.drop();
      }
    });
  },
);
