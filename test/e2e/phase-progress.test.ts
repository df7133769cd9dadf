import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect, it } from "vitest";
import { cleanEnv, program, temporaryProject } from "./program.ts";

it("tells its client of every batch of a phase, and answers how far it came", async () => {
  using project = temporaryProject();
  const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const args = [program, "--data-dir", "memory"];
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args,
      env: cleanEnv(),
      cwd: project.folder,
      stderr: "ignore",
    }),
  );
  const call = async (name: string, given: Record<string, unknown>, onprogress?: (message: string) => void) =>
    (
      await client.callTool(
        { name, arguments: given },
        onprogress === undefined ? {} : { onprogress: ({ message }) => onprogress(message ?? "") },
      )
    ).structuredContent;
  try {
    const query =
      "create table items (id int primary key, n int); insert into items select generate_series(1, 40);";
    await call("apply_migration", { name: "items", query });
    const heard: string[] = [];
    const phase = {
      phase: "1_count",
      query: "update items set n = 1 where id between :from and :to and n is null",
      key: "public.items.id",
      batch_size: 10,
    };
    expect(await call("run_phase", phase, (message) => heard.push(message))).toMatchObject({
      status: "completed",
      progress: { batches: 4, rows_done: 40, rows_total: 40 },
    });
    expect(heard.filter((message) => message.includes("batch"))).toEqual([
      "Phase 1: batch 1, 10 of about 40 rows.",
      "Phase 1: batch 2, 20 of about 40 rows.",
      "Phase 1: batch 3, 30 of about 40 rows.",
      "Phase 1: batch 4, 40 of about 40 rows.",
    ]);
  } finally {
    await client.close();
  }
});
