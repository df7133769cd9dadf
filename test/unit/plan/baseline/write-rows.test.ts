import { describe, expect, it } from "vitest";
import type { SetUpJob, SetUpRows } from "../../../../src/engine/model/set-up-rows.ts";
import { looksSecret } from "../../../../src/engine/plan/baseline/looks-secret.ts";
import { writeRows } from "../../../../src/engine/plan/baseline/write-rows.ts";

const none: SetUpRows = { roles: [], buckets: [], jobs: [], queues: [], unread: [] };
const job: SetUpJob = {
  name: "nightly",
  schedule: "0 3 * * *",
  command: "select 1",
  otherDatabase: undefined,
  isActive: true,
};
const sqlOf = (rows: Partial<SetUpRows>) => writeRows({ ...none, ...rows }).statements.map(({ sql }) => sql);

describe("set-up rows in a baseline", () => {
  it("are a bucket with what was set on it, and no second one where it is there", () => {
    const bucket = {
      id: "a'b",
      name: "a'b",
      isPublic: true,
      fileSizeLimit: "5",
      allowedMimeTypes: ["image/*"],
    };
    expect(sqlOf({ buckets: [bucket] })).toEqual([
      "insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)\nvalues ('a''b', 'a''b', true, 5, array['image/*']::text[])\non conflict (id) do nothing",
    ]);
  });

  it("are cron jobs by name, without one, switched off, and in another database", () => {
    const jobs = [
      job,
      { ...job, name: undefined },
      { ...job, isActive: false },
      { ...job, otherDatabase: "other" },
    ];
    expect(sqlOf({ jobs })).toEqual([
      "select cron.schedule('nightly', '0 3 * * *', $job$select 1$job$)",
      "select cron.schedule('0 3 * * *', $job$select 1$job$)",
      "select cron.alter_job(job_id := cron.schedule('nightly', '0 3 * * *', $job$select 1$job$), active := false)",
      "select cron.schedule_in_database('nightly', '0 3 * * *', $job$select 1$job$, 'other')",
    ]);
  });

  it("quote a command that holds the quotes", () => {
    expect(sqlOf({ jobs: [{ ...job, command: "select $job$x$job$" }] })).toEqual([
      "select cron.schedule('nightly', '0 3 * * *', $job1$select $job$x$job$$job1$)",
    ]);
    expect(sqlOf({ jobs: [{ ...job, command: "select 'x$job" }] })[0]).toContain("$job1$select 'x$job$job1$");
  });

  it("leave out what holds a key and what cannot be written, and name it", () => {
    const secret = {
      ...job,
      name: "call",
      command: `select net.http_post('x', '{"a": "Bearer ${"k".repeat(40)}"}')`,
    };
    const queue = { name: "parts", isPartitioned: true, isUnlogged: false };
    const written = writeRows({ ...none, jobs: [job, secret], queues: [queue] });
    expect(written.statements).toHaveLength(1);
    expect(written.kept).toMatchObject({ jobs: [{ name: "nightly" }], queues: [] });
    expect(written.leftOut.join()).toMatch(/call.*parts/);
    expect(JSON.stringify(written)).not.toContain("kkkk");
  });
});

describe("a command", () => {
  it.each([
    "select net.http_post('u', headers := '{\"apikey\": \"eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZSJ9.x\"}')",
    "select http_get('https://user:word@example.com')",
    "select net.http_post('u', 'Authorization: Bearer sk-proj-0123456789abcdef')",
    "select call('sb_secret_0123456789')",
  ])("with a key is known: %s", (command) => {
    expect(looksSecret(command)).toBe(true);
  });

  it.each([
    "select net.http_post('https://example.com/hook', headers := jsonb_build_object('a', 'Bearer ' || secret()))",
    "delete from public.tokens where expires_at < now()",
    "select decrypted_secret from vault.decrypted_secrets where name = 'key'",
  ])("without one is written: %s", (command) => {
    expect(looksSecret(command)).toBe(false);
  });
});
