import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect, it } from "vitest";
import { cleanEnv, program, temporaryProject } from "./program.ts";

/** Claude Code puts longer answers into a file that the model then has to read in parts. */
const longestAnswerBytes = 24 * 1024;

it("no answer is longer than 24 KB, however many files, rows or bytes there are", async () => {
  using project = temporaryProject();
  const folder = join(project.folder, "migrations");
  await mkdir(folder);
  for (let index = 0; index < 1500; index += 1) {
    const name = `${String(20_200_101_000_000 + index)}_a_rather_long_name_for_one_migration_${index}.sql`;
    // The first 400 can be rehearsed; every file has a finding of its own.
    const isBroken = index >= 400 && index % 2 === 0;
    await writeFile(join(folder, name), isBroken ? "selct 1;" : "begin; select 1; commit;\r\n");
  }
  await mkdir(join(folder, "archive"));
  for (let index = 0; index < 1000; index += 1)
    await writeFile(
      join(folder, "archive", `${20_190_101_000_000 + index}_put_aside_for_later.sql`),
      "select 1;",
    );
  const client = new Client({ name: "size", version: "1" });
  const args = [program, "--data-dir", "memory"];
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args,
      cwd: project.folder,
      env: cleanEnv(),
      stderr: "ignore",
    }),
  );
  const calls = [
    { name: "list_migrations", arguments: {} },
    { name: "list_migrations", arguments: { limit: 500 } },
    { name: "list_migrations", arguments: { archived: true, limit: 500 } },
    { name: "detect_drift", arguments: { schema: false } },
    { name: "apply_migration", arguments: { dry_run: true } },
    {
      name: "execute_sql",
      arguments: { query: "select repeat('x', 9000) as a, i from generate_series(1, 500) as i" },
    },
    { name: "execute_sql", arguments: { query: "select repeat('x', 9000000) as a" } },
    { name: "execute_sql", arguments: { query: `select '${"y".repeat(30_000)}' as from wrong` } },
    { name: "create_migration", arguments: { name: "big", query: `select '${"z".repeat(100_000)}';` } },
  ];
  const sizes: Record<string, number> = {};
  for (const call of calls) {
    const result = await client.callTool(call);
    const size = Buffer.byteLength(JSON.stringify(result.structuredContent));
    if (size > longestAnswerBytes)
      sizes[`${call.name} ${JSON.stringify(call.arguments).slice(0, 60)}`] = size;
  }
  await client.close();
  expect(sizes).toEqual({});
});
