import { defineConfig } from "vitest/config";

/** Tests of schema drift: many databases on one machine, hence the long limits. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 1_200_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
