import postgres from "postgres";
import { describe, expect, it, vi } from "vitest";
import { applyHistory } from "../histories/apply-history.ts";
import { hasHistories, readHistories } from "../histories/real-histories.ts";
import { describeItems, lastFile, makeByHand } from "../histories/twenty-drifts.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";

vi.setConfig({ testTimeout: 900_000, hookTimeout: 120_000 });

const majors: readonly PostgresMajor[] = [15, 17, 18];

describe.skipIf(!hasHistories)("a real migration history, applied to a server as far as it goes", () => {
  for (const history of readHistories()) {
    it.each(majors)(
      `${history.name} shows no drift on Postgres %i, then exactly twenty changes made by hand, and none after the SQL that undoes them`,
      async (major) => {
        const database = await createSupabaseDatabase({ major });
        const applied = await applyHistory(history, { url: database.url, lastFile });
        const client = postgres(database.url, { max: 1, onnotice: () => undefined });
        try {
          const detect = () => applied.project.engine.detectDrift({ schema: true }, { answerSize: "whole" });
          expect(applied.appliedCount + applied.failedCount).toBe(history.fileNames.length);
          const before = await detect();
          expect(before.drift).toEqual([]);
          expect(before.schema?.not_replayed).toBeUndefined();
          const expected = await makeByHand(client);
          const told = await detect();
          expect(describeItems(told.drift, expected)).toEqual(expected);
          expect(told.drift.filter((item) => !("proved" in item || "not_proved_because" in item))).toEqual(
            [],
          );
          expect(told.schema?.scripts).toMatchObject({
            live_to_files: { proved: true },
            files_to_live: { proved: true },
          });
          await client.unsafe(told.schema?.sql?.live_to_files ?? "").simple();
          expect((await detect()).drift).toEqual([]);
        } finally {
          await client.end();
          await applied.project.remove();
          await database.drop();
        }
      },
    );
  }
});
