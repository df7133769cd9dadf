import path from "node:path";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { mendByHand } from "../histories/mend-by-hand.ts";
import { hasHistories, readHistories } from "../histories/real-histories.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { generateOwn, generateReference, listSchemas } from "./reference-generator.ts";

describe.skipIf(!hasHistories)("types of real histories from ../shared", () => {
  test.each(readHistories())(
    "of $name are byte for byte what Supabase's generator writes",
    { timeout: 600_000 },
    async (history) => {
      const database = await createSupabaseDatabase();
      try {
        const target = await openDatabase({ kind: "postgres", url: database.url });
        for (const file of history.fileNames)
          await mendByHand(target, path.join(history.migrationsDir, file));
        await target.close();
        for (const schemas of [["public"], await listSchemas(database.url)]) {
          const own = await generateOwn(database.url, schemas);
          console.log(`${history.name}: ${schemas.length} schemas, ${own.split("\n").length} lines`);
          expect(own).toBe(await generateReference(database.url, schemas));
        }
      } finally {
        await database.drop();
      }
    },
  );
});
