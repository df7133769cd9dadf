import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodeOfAnswer, type ExitCode } from "../../src/commands/exit-code.ts";
import type {
  DetectDriftReport,
  Engine,
  ListMigrationsReport,
  MigrationRow,
} from "../../src/engine/index.ts";
import { tools } from "../../src/tools/index.ts";
import { openScenarioBench, scenarioKinds, type ScenarioBench } from "./scenario-bench.ts";

/** What a scenario promises: codes, states and counts, never prose. */
interface Expected {
  /** Each row as `version state file`, in order; text behind the fence stands in « ». */
  readonly states: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** Items by kind. */
  readonly drift: Readonly<Record<string, number>>;
  /** Findings by code. */
  readonly findings: Readonly<Record<string, number>>;
  readonly exit: { readonly list_migrations: ExitCode; readonly detect_drift: ExitCode };
  /** Texts that the database holds and that no answer may show outside a fence. */
  readonly fenced?: readonly string[];
}

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe.each(scenarioKinds)("files and history in the %s database", (kind) => {
  let bench: ScenarioBench;
  beforeAll(async () => {
    bench = await openScenarioBench(kind, { readOnly: true });
  });
  afterAll(() => bench.close());

  test.each(names)("%s is told as it is", async (name) => {
    const expected = readExpected(name);
    await bench.on(name, async (engine) => {
      const list = await engine.listMigrations({ limit: "all" }, {});
      const drift = await engine.detectDrift({ schema: false }, { answerSize: "whole" });
      expect(list.migrations.map(describeRow)).toEqual(expected.states);
      expect(list.counts).toEqual(expected.counts);
      expect(drift.counts).toEqual(expected.counts);
      expect(countBy(drift.drift, ({ kind: driftKind }) => driftKind)).toEqual(expected.drift);
      expect(drift.has_drift).toBe(Object.keys(expected.drift).length > 0);
      expect(countBy(list.findings, ({ code }) => code)).toEqual(expected.findings);
      expect(await exitCodes(engine)).toEqual(expected.exit);
      for (const text of expected.fenced ?? []) expectFenced([list, drift], text);
    });
  });
});

function readExpected(name: string): Expected {
  const file = path.join(import.meta.dirname, name, "expected.json");
  if (!existsSync(file)) throw new Error(`The scenario ${name} says nothing of what it expects.`);
  return JSON.parse(readFileSync(file, "utf8"));
}

const fence = /<(untrusted-[0-9a-f]+)>([\s\S]*?)<\/\1>/g;

function describeRow({ version, state, file }: MigrationRow): string {
  const shown = version.replaceAll(fence, "«$2»");
  return [shown, state, ...(file === undefined ? [] : [path.basename(file)])].join(" ");
}

async function exitCodes(engine: Engine): Promise<Expected["exit"]> {
  const exitOf = async (toolName: string) => {
    const tool = tools.find(({ name }) => name === toolName);
    if (tool === undefined) throw new Error(`There is no tool ${toolName}.`);
    const args = toolName === "detect_drift" ? { schema: false } : {};
    return exitCodeOfAnswer(await tool.runCommand(engine, args, {}));
  };
  return { list_migrations: await exitOf("list_migrations"), detect_drift: await exitOf("detect_drift") };
}

function expectFenced(reports: readonly (ListMigrationsReport | DetectDriftReport)[], text: string): void {
  const answers = reports.map((report) => JSON.stringify(report));
  expect(answers.some((answer) => answer.includes(text))).toBe(true);
  for (const answer of answers) expect(answer.replaceAll(fence, "")).not.toContain(text);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
