import { execFile, type ExecFileException } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRandomBench, type Kept, type RandomBench } from "./random-bench.ts";
import { randomProject, seeded } from "./random-project.ts";
import { bundleScript } from "./runner-process.ts";

/** More states on request: `GODWIT_RANDOM_STATES=1000 npx vitest run test/engine/reconcile-random.test.ts`; `GODWIT_RANDOM_ON=embedded` elsewhere. */
const states = Number(process.env["GODWIT_RANDOM_STATES"] ?? 8);
const kills = Math.ceil(states / 2);
const firstSeed = Number(process.env["GODWIT_RANDOM_SEED"] ?? 1);
const kind = process.env["GODWIT_RANDOM_ON"] === "embedded" ? "embedded" : "Postgres 17";

describe("on random states of folder and history", { timeout: 60_000 + states * 20_000 }, () => {
  let bench: RandomBench;
  let runner: Awaited<ReturnType<typeof bundleScript>>;

  beforeAll(async () => {
    bench = await openRandomBench(kind);
    runner = await bundleScript("reconcile-runner.ts");
  });

  afterAll(async () => {
    await bench.close();
    await runner.remove();
  });

  /** Gives everything a real version first, as far as its name says which. */
  async function convertNames(): Promise<void> {
    const actions = ["convert_names"];
    await bench.withEngine(async (engine) => {
      const { status, plan_id: confirm = "" } = await engine.reconcileHistory({ actions }, {});
      if (status === "planned") await engine.reconcileHistory({ actions, confirm }, {});
      const again = await engine.reconcileHistory({ actions }, { answerSize: "whole" });
      expect(again.status, JSON.stringify(again.steps)).toBe("nothing_to_do");
    });
  }

  /** Carries out what the database says until nothing is left to do; drift that is left is an error. */
  async function settleAll(): Promise<void> {
    await bench.withEngine(async (engine) => {
      for (let round = 1; ; round += 1) {
        const plan = await engine.reconcileHistory({ truth: "database" }, { answerSize: "whole" });
        if (plan.status === "nothing_to_do") break;
        expect(round, `goes on and on: ${JSON.stringify(plan.steps)}`).toBeLessThan(4);
        await engine.reconcileHistory({ truth: "database", confirm: plan.plan_id ?? "" }, {});
      }
      const left = await engine.reconcileHistory({}, {});
      const { drift } = await engine.detectDrift({ schema: false }, { answerSize: "whole" });
      const asked = (left.choices ?? []).reduce((sum, { count }) => sum + count, 0);
      expect(drift.length, JSON.stringify(drift)).toBe(asked);
    });
  }

  async function expectNothingLost(before: Kept): Promise<void> {
    const after = await bench.read();
    const rows = [...after.rows, ...(await bench.archived())];
    expect(before.texts.filter((text) => !after.texts.includes(text))).toEqual([]);
    expect(before.rows.filter((row) => !rows.includes(row))).toEqual([]);
  }

  /** Runs one state after the other; a fault names the seed. */
  async function forSeeds(count: number, judge: (seed: number) => Promise<void>): Promise<void> {
    for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
      await judge(seed).catch((error: unknown) => {
        throw new Error(`Seed ${seed}: ${String(error)}`, { cause: error });
      });
    }
  }

  test("a failure at any step changes nothing, and the plan carried out then loses nothing and leaves no drift", () =>
    forSeeds(states, async (seed) => {
      const random = seeded(seed);
      await bench.lay(randomProject(random));
      const before = await bench.read();
      const failAt = 1 + Math.floor(random() * 12);
      let step = 0;
      const failed = await bench.withEngine(
        async (engine) => {
          const plan = await engine.reconcileHistory({ truth: "database" }, {});
          if (plan.plan_id === undefined) return false;
          return engine.reconcileHistory({ truth: "database", confirm: plan.plan_id }, {}).then(
            () => false,
            () => true,
          );
        },
        ({ kind: event }) => {
          if (event === "change_step" && (step += 1) === failAt) throw new Error("fails here");
        },
      );
      if (failed) expect(await bench.read()).toEqual(before);
      if (seed % 2 === 0) await convertNames();
      await settleAll();
      await expectNothingLost(before);
    }));

  test("a process killed at any step leaves what the next call finishes or undoes", async () => {
    const outcomes = new Set<string>();
    await forSeeds(kills, async (seed) => {
      const random = seeded(seed + 10_000);
      await bench.lay(randomProject(random));
      const before = await bench.read();
      const killAt = 1 + Math.floor(random() * 14);
      await bench.letGo();
      const run = promisify(execFile)(process.execPath, [
        runner.script,
        bench.target,
        bench.projectDir,
        String(killAt),
        seed % 2 === 0 ? "convert_names" : "",
      ]);
      await run.then(
        () => outcomes.add("done"),
        (error: ExecFileException) => {
          // Any other end than the kill is a fault of the runner, which would leave nothing to recover.
          expect(error.signal, error.message).toBe("SIGKILL");
          outcomes.add("killed");
        },
      );
      await bench.withEngine(
        (engine) => engine.reconcileHistory({}, {}),
        ({ kind: event }) => void (event === "change_recovered" && outcomes.add("recovered")),
      );
      await expectNothingLost(before);
      const journals = await readdir(path.join(bench.projectDir, "migrations", "archive")).catch(() => []);
      expect(journals.filter((name) => name.startsWith(".godwit"))).toEqual([]);
      await settleAll();
      await expectNothingLost(before);
    });
    expect(outcomes).toContain("recovered");
  });
});
