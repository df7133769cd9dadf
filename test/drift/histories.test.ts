import { describe, expect, it, vi } from "vitest";
import { applyHistory } from "../histories/apply-history.ts";
import { hasHistories, readHistories } from "../histories/real-histories.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";

vi.setConfig({ testTimeout: 900_000, hookTimeout: 120_000 });

const majors: readonly PostgresMajor[] = [17, 15, 18];

describe.skipIf(!hasHistories)("a real migration history, applied to a server", () => {
  for (const history of readHistories()) {
    it.each(majors)(`${history.name} shows no drift on Postgres %i`, async (major) => {
      const database = await createSupabaseDatabase({ major });
      const { project, appliedCount, failedCount } = await applyHistory(history, { url: database.url });
      try {
        expect(appliedCount + failedCount).toBe(history.fileNames.length);
        const { drift, schema } = await project.engine.detectDrift({ schema: true }, { answerSize: "whole" });
        expect(drift).toEqual([]);
        expect(schema?.not_replayed).toBeUndefined();
      } finally {
        await project.remove();
        await database.drop();
      }
    });
  }
});
