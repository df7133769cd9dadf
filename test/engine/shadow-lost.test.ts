import type { ChildProcess, fork } from "node:child_process";
import { expect, test, vi } from "vitest";
import { createPlayground } from "./playground.ts";

const shadows = vi.hoisted(() => ({ areKilled: false }));

vi.mock("node:child_process", async (importOriginal) => {
  const original = await importOriginal<{ readonly fork: typeof fork }>();
  const forkAndKill = (...given: Parameters<typeof fork>): ChildProcess => {
    const child = original.fork(...given);
    if (shadows.areKilled) child.kill("SIGKILL");
    return child;
  };
  return { ...original, fork: forkAndKill };
});

const files = { "20260101000000_notes.sql": "create table public.notes (id bigint primary key, body text);" };

test("a shadow that is lost costs the proof where the differences are known, and else the third layer only", async () => {
  const play = await createPlayground({ files });
  expect((await play.apply()).status).toBe("applied");
  expect((await play.engine.detectDrift({}, {})).has_drift).toBe(false);
  await play.sql`alter table public.notes alter column body set not null`;
  await play.write({ "20260102000000_more.sql": "create table public.more (id int);" });
  shadows.areKilled = true;
  const { drift, schema, warnings } = await play.engine.detectDrift({}, { answerSize: "whole" });
  expect(drift).toMatchObject([
    { object: "column public.notes.body", not_proved_because: expect.stringContaining("was lost") },
  ]);
  expect(schema?.sql?.live_to_files).toContain("drop not null");
  expect(schema?.scripts).toMatchObject({
    live_to_files: { proved: false },
    files_to_live: { proved: false },
  });
  expect(warnings).toEqual([
    expect.stringContaining("The shadow was lost"),
    expect.stringContaining("A pending file ended the shadow"),
  ]);

  expect((await play.apply()).status).toBe("applied");
  const { findings, layers } = await play.engine.detectDrift({}, {});
  expect(findings).toMatchObject([{ code: "schema_not_compared" }]);
  expect(layers).toEqual(["history", "content"]);

  shadows.areKilled = false;
  const again = await play.engine.detectDrift({}, {});
  expect(again.drift).toMatchObject([{ object: "column public.notes.body", proved: true }]);
});
