import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/index.ts";
import { openScenarioBench, type ScenarioBench } from "./scenario-bench.ts";

const scenarios = readdirSync(import.meta.dirname).filter((name) =>
  ["history.sql", "folder"].every((part) => existsSync(path.join(import.meta.dirname, name, part))),
);

/** The actions that a fix names, each a call of its own. */
function actionsOf(fix: string): readonly string[] {
  return [...fix.matchAll(/"([a-z_]+ [^"]+)"/g)].flatMap(([, action]) => action ?? []);
}

/** The marks of a fence differ from answer to answer. */
function withoutFence(name: string | undefined): string | undefined {
  return name?.replaceAll(/<\/?untrusted-[0-9a-f]+>/g, "");
}

interface Fixed {
  readonly kind: string;
  readonly version?: string;
  readonly file?: string;
  readonly fix: string;
}

async function expectSettled(engine: Engine, { version, file = "", fix }: Fixed): Promise<void> {
  const calls = actionsOf(fix).map((action) => ({ actions: [action], reason: "a test says so" }));
  for (const call of calls.length === 0 ? [{}] : calls) {
    const plan = await engine.reconcileHistory(call, { answerSize: "whole" });
    const touched = plan.steps.flatMap((step) => [step.version, step.file, step.to].map(withoutFence));
    const own = [version, path.basename(file)].map(withoutFence);
    expect(
      touched.some((name) => name !== undefined && own.includes(name)),
      fix,
    ).toBe(true);
  }
}

describe("the fix of each difference", () => {
  let bench: ScenarioBench;
  beforeAll(async () => {
    bench = await openScenarioBench("embedded");
  });
  afterAll(() => bench.close());

  test.each(scenarios)("in %s names a call of reconcile_history that plans it", async (name) => {
    await bench.on(name, async (engine) => {
      const { drift } = await engine.detectDrift({ schema: false }, { answerSize: "whole" });
      const fixes = drift.flatMap((item): readonly Fixed[] => ("fix" in item ? [item] : []));
      const told = fixes.filter(({ fix }) => fix.includes("reconcile_history"));
      const others = drift.filter((item) => !told.some((fixed) => fixed === item));
      expect(others.filter(({ kind }) => kind !== "incomplete")).toEqual([]);
      // Those that are told alike are planned alike.
      const kinds = new Map(told.map((item) => [`${item.kind} ${item.fix.replaceAll(/\d/g, "")}`, item]));
      for (const item of kinds.values()) await expectSettled(engine, item);
    });
  });
});
