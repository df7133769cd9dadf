import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./test/support/slowest-first.ts";

const globalSetup = ["test/e2e/global-setup.ts", "test/support/global-setup.ts"];
/** No server, no file of the project but read: nothing that one leaves behind could meet another. */
const pure = ["test/unit/**/*.test.ts", "test/architecture.test.ts"];

export default defineConfig({
  test: {
    // Schema pairs, baselines of whole histories and rehearsals of every known statement take minutes: npm run test:drift, test:baseline, test:rehearsal, test:types, test:backfill, test:rollback.
    exclude: [
      "test/drift/**",
      "test/baseline/**",
      "test/phases/**",
      "test/rehearsal/**",
      "test/rollback/**",
      "test/typescript/histories.test.ts",
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Faults are injected into real servers on machines that others load: a test that needs its second try is shown as `(retry x1)`, and is a bug to mend.
    retry: 1,
    // A third of what the tests take is waiting, so that one worker more than cores keeps two of them busy; more on more cores.
    maxWorkers: Math.min(6, Math.ceil(availableParallelism() * 1.5)),
    sequence: { sequencer: SlowestFirst },
    // PGlite lives for seconds in a test: compiling it a second time, for speed, never pays.
    execArgv: ["--liftoff-only"],
    projects: [
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/**/*.test.ts"],
          exclude: pure,
          globalSetup: globalSetup.filter((path) => existsSync(path)),
        },
      },
      // Small files share processes: starting one for each takes longer than the tests in it.
      { extends: true, test: { name: "unit", include: pure, isolate: false } },
    ],
  },
});
