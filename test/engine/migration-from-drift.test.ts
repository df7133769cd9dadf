import { describeMigrationsFromDrift } from "./migrations-from-drift.ts";

// On servers: test/drift/migration-from-drift.test.ts.
describeMigrationsFromDrift("PGlite");
