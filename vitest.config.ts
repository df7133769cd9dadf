import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Schema pairs, baselines of whole histories and rehearsals of every known statement take minutes: npm run test:drift, test:baseline, test:rehearsal, test:types, test:backfill, test:rollback.
    exclude: [
      "test/drift/**",
      "test/baseline/**",
      "test/phases/**",
      "test/rehearsal/**",
      "test/rollback/**",
      "test/typescript/histories.test.ts",
    ],
    globalSetup: ["test/e2e/global-setup.ts", "test/support/global-setup.ts"].filter((path) =>
      existsSync(path),
    ),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Faults are injected into real servers on machines that others load: a test that needs its second try is shown as `(retry x1)`, and is a bug to mend.
    retry: 1,
    // Database servers share the machine with the workers.
    maxWorkers: 2,
    // PGlite lives for seconds in a test: compiling it a second time, for speed, never pays.
    execArgv: ["--liftoff-only"],
  },
});
