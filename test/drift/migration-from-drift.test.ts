import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { describeMigrationsFromDrift } from "../engine/migrations-from-drift.ts";
import { applyHistory } from "../histories/apply-history.ts";
import { hasHistories, readHistories } from "../histories/real-histories.ts";
import { lastFile, makeByHand } from "../histories/twenty-drifts.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";

describeMigrationsFromDrift(17);

describe.skipIf(!hasHistories)("drift of a real history on Postgres 17", () => {
  it.each(["live_to_files", "files_to_live"] as const)(
    "is gone after a migration from it, %s",
    async (direction) => {
      const history = readHistories().find(({ name }) => name === "marmelab__atomic-crm");
      if (history === undefined) throw new Error("The history is absent.");
      const database = await createSupabaseDatabase({ major: 17 });
      const { project } = await applyHistory(history, { url: database.url, lastFile });
      const client = postgres(database.url, { max: 1, onnotice: () => undefined });
      try {
        const { engine } = project;
        await makeByHand(client);
        const created = await engine.createMigration({ name: direction, fromDrift: direction }, {});
        expect(created.script?.because).toBeUndefined();
        expect(created.warnings).toBeUndefined();
        const { plan_id: confirm = "" } = await engine.applyMigration({ dryRun: true }, {});
        expect(await engine.applyMigration({ confirm }, {})).toMatchObject({ status: "applied" });
        const after = await engine.detectDrift({}, { answerSize: "whole" });
        expect(after).toMatchObject({ has_drift: false, drift: [] });
        expect(after.schema?.not_replayed).toBeUndefined();
      } finally {
        await client.end();
        await project.remove();
        await database.drop();
      }
    },
  );
});
