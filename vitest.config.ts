import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Thousands of schema pairs take minutes: npm run test:drift judges them.
    exclude: ["test/drift/**"],
    globalSetup: ["test/e2e/global-setup.ts", "test/support/global-setup.ts"].filter((path) =>
      existsSync(path),
    ),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Database servers share the machine with the workers.
    maxWorkers: 2,
  },
});
