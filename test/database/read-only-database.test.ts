import { describe, expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { toReadOnly } from "../../src/engine/database/read-only-database.ts";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { createDatabase } from "../support/test-database.ts";

async function open(engine: string): Promise<SessionDatabase> {
  if (engine === "the embedded database") {
    const embedded = await openDatabase({ kind: "embedded", dataDir: "memory" });
    onTestFinished(() => embedded.close());
    return embedded;
  }
  const created = await createDatabase();
  const database = await openDatabase({ kind: "postgres", url: created.url });
  onTestFinished(async () => {
    await database.close();
    await created.drop();
  });
  return database;
}

describe.each(["PostgreSQL 17", "the embedded database"])("a read-only %s", (engine) => {
  test("refuses to write in each way there is, also after RESET ALL, and still reads", async () => {
    const database = await open(engine);
    await database.withSession((session) => session.run(sql`create table kept (id int)`));
    const readOnly = toReadOnly(database);
    const attempt = (...texts: readonly string[]) =>
      readOnly.withSession(async (session) => {
        try {
          for (const text of texts) await session.run(userStatement(text));
        } finally {
          await session.run(sql`rollback`);
        }
      });
    const insert = "insert into kept values (1)";
    await expect(attempt(insert)).rejects.toMatchObject({ fields: { sqlstate: "25006" } });
    await expect(attempt("reset all", insert)).rejects.toMatchObject({ fields: { sqlstate: "25006" } });
    await expect(attempt("begin isolation level read committed", insert)).rejects.toMatchObject({
      code: "read_only",
    });
    await expect(attempt("start transaction", insert)).rejects.toMatchObject({ code: "read_only" });
    await expect(attempt("begin read only", "select 1", "reset all", insert)).rejects.toMatchObject({
      fields: { sqlstate: "25006" },
    });
    const { rows } = await readOnly.withSession((session) =>
      session.run(sql`select count(*)::int as n from kept`),
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
});
