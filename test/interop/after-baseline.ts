import { expect } from "vitest";
import type { TestProject } from "../support/project.ts";
import type { TestDatabase } from "../support/test-database.ts";
import { runCli } from "./supabase-cli.ts";

/** Plans a baseline, carries it out and finds no drift in any layer. */
export async function makeBaselineOf({ engine }: TestProject): Promise<void> {
  const planned = await engine.createBaseline({}, { answerSize: "whole" });
  expect(planned).toMatchObject({ status: "planned", proved: true });
  await engine.createBaseline({ confirm: planned.plan_id ?? "" }, {});
  const drift = await engine.detectDrift({ schema: true }, { answerSize: "whole" });
  expect(drift).toMatchObject({ has_drift: false, drift: [], layers: ["history", "content", "schema"] });
}

/** The CLI lists the same versions on both sides and has nothing to push. */
export async function expectAgreement(
  cli: string,
  { dir }: TestProject,
  { url }: TestDatabase,
): Promise<void> {
  const list = await runCli(cli, dir, ["migration", "list", "--output-format", "json", `--remote=${url}`]);
  const pairs: readonly { readonly local: string; readonly remote: string }[] = JSON.parse(
    list.stdout,
  ).migrations;
  expect(pairs.length).toBeGreaterThan(0);
  expect(pairs.filter(({ local, remote }) => local !== remote)).toEqual([]);
  const push = await runCli(cli, dir, ["db", "push", "--yes", `--remote=${url}`]);
  expect(push.stdout + push.stderr).toContain("up to date");
  expect(push.code).toBe(0);
}
