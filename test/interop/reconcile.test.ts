import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ReconcileHistoryRequest } from "../../src/engine/index.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase } from "../support/test-database.ts";
import { findCli, runCli } from "./supabase-cli.ts";

const cli = findCli();
const scenarios = path.join(import.meta.dirname, "..", "scenarios");

interface Pair {
  readonly local: string;
  readonly remote: string;
}

/** A scenario's folder and history in a project that the Supabase CLI knows, on a database of its own. */
async function openScenario(name: string): Promise<TestProject & { readonly url: string }> {
  const database = await createDatabase();
  onTestFinished(database.drop);
  const client = postgres(database.url, { max: 1, onnotice: () => undefined });
  await client.unsafe(readFileSync(path.join(scenarios, name, "history.sql"), "utf8")).simple();
  await client.end();
  const folder = path.join(scenarios, name, "folder");
  const files = readdirSync(folder).map((file) => [
    `supabase/migrations/${file}`,
    readFileSync(path.join(folder, file), "utf8"),
  ]);
  const project = await createProject({
    url: database.url,
    files: { "supabase/config.toml": 'project_id = "interop"\n', ...Object.fromEntries(files) },
  });
  onTestFinished(project.remove);
  return { ...project, url: database.url };
}

async function reconcileAll(
  { engine }: TestProject,
  calls: readonly ReconcileHistoryRequest[],
): Promise<void> {
  for (const call of calls) {
    const plan = await engine.reconcileHistory(call, {});
    await engine.reconcileHistory({ ...call, confirm: plan.plan_id ?? "" }, {});
  }
}

describe.skipIf(cli === undefined)("after reconciling, the Supabase CLI 3.1.0", { timeout: 180_000 }, () => {
  test.each<[string, readonly ReconcileHistoryRequest[], number]>([
    ["65-applied-8-files", [{ truth: "database" }], 2],
    ["37-orphans-after-mcp", [{}], 0],
    ["odd-recorded-versions", [{ truth: "database" }], 1],
    ["sequential-numbering", [{ actions: ["convert_names"] }, { truth: "database" }], 3],
  ])("agrees on %s: all matched but what is pending", async (name, calls, pendingCount) => {
    const scenario = await openScenario(name);
    const run = (...args: readonly string[]) =>
      runCli(cli ?? "", scenario.dir, [...args, `--remote=${scenario.url}`]);
    await reconcileAll(scenario, calls);

    const list = await run("migration", "list", "--output-format", "json");
    const { migrations }: { readonly migrations: readonly Pair[] } = JSON.parse(list.stdout);
    const unmatched = migrations.filter(({ local, remote }) => local !== remote);
    expect(unmatched.filter(({ remote }) => remote !== "")).toEqual([]);
    expect(unmatched).toHaveLength(pendingCount);

    const push = await run("db", "push", "--dry-run", "--yes");
    expect(push, push.stderr).toMatchObject({ code: 0 });
    const told = push.stdout + push.stderr;
    if (pendingCount === 0) expect(told).toContain("up to date");
    else expect(told.match(/• /g)).toHaveLength(pendingCount);
  });
});
