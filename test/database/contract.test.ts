import { openDatabase } from "../../src/engine/database/open-database.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import { createDatabase } from "../support/test-database.ts";
import { describeDatabaseContract } from "./contract.ts";

describeDatabaseContract({
  name: "the embedded database in memory",
  open: async () => {
    const database = await openDatabase({ kind: "embedded", dataDir: "memory" });
    return { database, close: database.close };
  },
});

for (const major of [15, 17, 18] satisfies readonly PostgresMajor[]) {
  describeDatabaseContract({
    name: `PostgreSQL ${major}`,
    open: async () => {
      const { url, drop } = await createDatabase({ major });
      const database = await openDatabase({ kind: "postgres", url });
      const close = async (): Promise<void> => {
        await database.close();
        await drop();
      };
      return { database, close };
    },
  });
}
