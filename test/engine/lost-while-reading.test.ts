import { expect, test } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import { DatabaseError } from "../../src/engine/errors.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { createProject } from "../support/project.ts";
import { codeOf } from "./playground.ts";

/** The same database, of which the connection is lost as soon as the whole schema is asked for. */
const losing = (database: SessionDatabase): SessionDatabase => ({
  ...database,
  withSession: (use) =>
    database.withSession((session) =>
      use({
        ...session,
        run: async (query) => {
          if (!query.text.includes("as snapshot")) return session.run(query);
          throw new DatabaseError({ sqlstate: "08006", message: "gone" }, true);
        },
      }),
    ),
});

test("a live database that is lost while its schema is read is a lost connection, not a schema that was not compared", async () => {
  const project = await createProject({});
  const database = await openDatabase({ kind: "embedded", dataDir: "memory" });
  const engine = createEngineOn(
    {
      readOnly: false,
      lockTimeoutMs: 500,
      lockWaitMs: 500,
      statementTimeoutMs: 5_000,
      queryTimeoutMs: 5_000,
      projectDir: project.dir,
      observe: () => undefined,
    },
    async () => losing(database),
  );
  try {
    await project.write({ "supabase/migrations/20260101000000_a.sql": "select 1;\n" });
    expect(await codeOf(engine.detectDrift({}, {}))).toBe("connection_lost");
    expect(await codeOf(engine.createMigration({ name: "x", fromDrift: "live_to_files" }, {}))).toBe(
      "connection_lost",
    );
    expect(await engine.detectDrift({ schema: false }, {})).toMatchObject({ layers: ["history", "content"] });
  } finally {
    await engine.close();
    await project.remove();
  }
});
