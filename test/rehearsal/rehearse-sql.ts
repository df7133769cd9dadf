import { readFileSync } from "node:fs";
import { join } from "node:path";
import { watchBlockers } from "../../src/engine/execute/blockers.ts";
import { rehearse, type Rehearsal } from "../../src/engine/execute/rehearse.ts";
import type { RunContext } from "../../src/engine/execute/run-context.ts";
import { sourceOfSql } from "../../src/engine/plan/migration-source.ts";
import { planMigration } from "../../src/engine/plan/plan-migration.ts";
import type { Version } from "../../src/engine/model/version.ts";
import type { Clock, SessionDatabase } from "../../src/engine/ports.ts";

/** Where statements to rehearse are read in place. */
export const sharedFolder = join(import.meta.dirname, "../../../shared/data");

/** The text of a file of the shared folder. */
export function readShared(fileName: string): string {
  return readFileSync(join(sharedFolder, fileName), "utf8");
}

const clock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Rehearses one text as a migration with a minute for each statement. */
export async function rehearseSql(database: SessionDatabase, sql: string): Promise<Rehearsal> {
  const migration = await planMigration(sourceOfSql(sql, "given", "20260101000000" as Version), undefined);
  const blockers = watchBlockers(database, (text) => text);
  const observe = () => undefined;
  const lockWait = {
    clock,
    observe,
    random: () => 0.5,
    lockWaitMs: 0,
    signal: undefined,
    describeBlockers: blockers.describe,
  };
  const context: Omit<RunContext, "session"> = {
    database,
    clock,
    observe,
    limits: { lockTimeoutMs: 5_000, statementTimeoutMs: 60_000 },
    lockWait,
    blockers,
    signal: undefined,
    runId: "not recorded",
    appliedBy: "test",
    isHostedShape: false,
  };
  return database.withSession((session) => rehearse({ ...context, session }, [migration], "target"));
}
