import { expect, test } from "vitest";
import { createPlayground } from "./playground.ts";

test("names who alters a table instead of waiting for them to finish, in plans, drift and copies", async () => {
  const play = await createPlayground({
    before: "create table held (id int default 1 + 1, note text); insert into held values (1, 'a');",
    files: { "20260101000000_change.sql": "alter table held drop column note;" },
  });
  const holder = await play.sql.reserve();
  const [self] = await holder`select pg_backend_pid() as pid`;
  await holder`begin`;
  await holder`lock table held in access exclusive mode`;
  const busy = {
    code: "lock_not_available",
    message: expect.stringContaining(`Session ${String(self?.["pid"])} of `) as unknown,
  };
  await expect(play.apply({ dryRun: true })).rejects.toMatchObject(busy);
  await expect(play.apply({ rehearseOn: "copy" })).rejects.toMatchObject(busy);
  const drift = await play.engine.detectDrift({}, {});
  expect(drift.findings).toMatchObject([{ code: "schema_not_compared" }]);
  expect(JSON.stringify(drift.findings)).toContain(`Session ${String(self?.["pid"])} of `);
  await holder`rollback`;
  holder.release();
  expect(await play.apply({ dryRun: true })).toMatchObject({ status: "rehearsed" });
});

test("tells before it waits who has held a table for long that is to be locked", async () => {
  const play = await createPlayground({
    before: "create table held (id int); insert into held values (1);",
    files: { "20260101000000_change.sql": "alter table held add column note text;" },
  });
  const holder = await play.sql.reserve();
  await holder`begin`;
  const [self] = await holder`select pg_backend_pid() as pid from held`;
  const about = `Session ${String(self?.["pid"])} of `;
  await expect
    .poll(async () => (await play.apply({ dryRun: true })).findings, { timeout: 30_000, interval: 1_000 })
    .toMatchObject([
      { code: "L26", severity: "warning", message: expect.stringContaining(about) as unknown },
    ]);
  await holder`rollback`;
  holder.release();
  const { findings } = await play.apply({ dryRun: true });
  expect(findings).toBeUndefined();
});
