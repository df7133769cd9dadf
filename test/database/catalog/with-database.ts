import { readCatalog } from "../../../src/engine/catalog/read-catalog.ts";
import { openDatabase } from "../../../src/engine/database/open-database.ts";
import { pgliteDatabase } from "../../../src/engine/database/pglite.ts";
import { startPglite } from "../../../src/engine/database/start-pglite.ts";
import { userStatement } from "../../../src/engine/database/sql.ts";
import type { Catalog } from "../../../src/engine/model/catalog.ts";
import type { SessionDatabase, Session } from "../../../src/engine/ports.ts";
import type { PostgresMajor } from "../../support/postgres-binaries.ts";
import { createDatabase } from "../../support/test-database.ts";
import { makeRole } from "./every-kind.ts";

/** Every server that a snapshot runs on. */
export const engines = ["PGlite", "PostgreSQL 15", "PostgreSQL 17", "PostgreSQL 18"] as const;

export type EngineName = (typeof engines)[number];

/** A session on a fresh database of that engine, which is gone afterwards. */
export async function withDatabase<T>(engine: EngineName, use: (session: Session) => Promise<T>): Promise<T> {
  const { database, close } =
    engine === "PGlite" ? await openPlainPglite() : await openServer(majors[engine]);
  try {
    return await database.withSession(async (session) => {
      await session.run(userStatement(makeRole));
      return use(session);
    });
  } finally {
    await close();
  }
}

const majors = { "PostgreSQL 15": 15, "PostgreSQL 17": 17, "PostgreSQL 18": 18 } as const;

interface Opened {
  readonly database: SessionDatabase;
  readonly close: () => Promise<void>;
}

/** PGlite without the stand-in for Supabase, as bare as the servers. */
async function openPlainPglite(): Promise<Opened> {
  const started = await startPglite({});
  const target = { engine: "pglite", id: "plain", label: "plain", pooling: "none" } as const;
  const database = pgliteDatabase(started, target, () => started.pglite.close());
  return { database, close: database.close };
}

async function openServer(major: PostgresMajor): Promise<Opened> {
  const { url, drop } = await createDatabase({ major });
  const database = await openDatabase({ kind: "postgres", url });
  const close = async (): Promise<void> => {
    await database.close();
    await drop();
  };
  return { database, close };
}

/** Runs statements one by one. */
export async function runAll(session: Session, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await session.run(userStatement(statement));
}

/** The catalog of a fresh database in which these statements were run. */
export async function catalogAfter(engine: EngineName, statements: readonly string[]): Promise<Catalog> {
  return withDatabase(engine, async (session) => {
    await runAll(session, statements);
    return readCatalog(session);
  });
}
