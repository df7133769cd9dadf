import { cp, mkdtemp, rm } from "node:fs/promises";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodeOfAnswer, type ExitCode } from "../../src/commands/exit-code.ts";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type {
  DetectDriftReport,
  Engine,
  ListMigrationsReport,
  MigrationRow,
} from "../../src/engine/index.ts";
import { splitStatements } from "../../src/engine/sql/split.ts";
import { tools } from "../../src/tools/index.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";

type Target = Parameters<typeof openDatabase>[0];

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

describe.each(["embedded", "Postgres 17"])("files and history in the %s database", (kind) => {
  let server: TestDatabase | undefined;
  let target: Target;
  let database: Awaited<ReturnType<typeof openDatabase>>;

  beforeAll(async () => {
    if (kind !== "embedded") server = await createSupabaseDatabase();
    target =
      server === undefined ? { kind: "embedded", dataDir: "memory" } : { kind: "postgres", url: server.url };
    database = await openDatabase(target);
  });

  afterAll(async () => {
    await database.close();
    await server?.drop();
  });

  async function onScenario(name: string, use: (engine: Engine) => Promise<void>): Promise<void> {
    const projectDir = await mkdtemp(path.join(tmpdir(), "godwit-scenario-"));
    const engine = createEngineOn(
      {
        projectDir,
        readOnly: true,
        lockTimeoutMs: 500,
        lockWaitMs: 1_000,
        statementTimeoutMs: 5_000,
        queryTimeoutMs: 5_000,
        observe: () => undefined,
      },
      async () => database,
    );
    try {
      await cp(path.join(import.meta.dirname, name, "folder"), path.join(projectDir, "migrations"), {
        recursive: true,
      });
      await database.withSession(async (session) => {
        await session.run(sql`drop schema if exists supabase_migrations cascade`);
        const history = readFileSync(path.join(import.meta.dirname, name, "history.sql"), "utf8");
        for (const { text } of splitStatements(history)) await session.run(userStatement(text));
      });
      await use(engine);
    } finally {
      await rm(projectDir, { recursive: true, force: true });
    }
  }

  test.each(names)("%s is told as it is", async (name) => {
    const expected = readExpected(name);
    await onScenario(name, async (engine) => {
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
