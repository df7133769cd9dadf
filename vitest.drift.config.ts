import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";

// A cluster on disk makes a database in 500 ms, one in memory in 30.
if (existsSync("/dev/shm")) process.env["TMPDIR"] ??= "/dev/shm";

/** Tests of schema drift: many databases on one machine, hence the long limits. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 1_200_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    // PGlite lives for seconds in a test: compiling it a second time, for speed, never pays.
    execArgv: ["--liftoff-only"],
  },
});
