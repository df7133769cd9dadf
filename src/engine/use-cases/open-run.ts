import { watchBlockers } from "../execute/blockers.ts";
import { ensureHistory, type HistorySetup } from "../execute/ensure-history.ts";
import type { RunContext } from "../execute/run-context.ts";
import { readOwnMigrations } from "../history/own-migrations.ts";
import type { TableShapes } from "../history/read-history.ts";
import type { SessionDatabase } from "../ports.ts";
import type { CallContext } from "../requests.ts";
import { newFence, newRunId, observeBoth, type EngineContext } from "./context.ts";

/** Makes the history tables where they are missing, and answers what a runner needs. Throws `history_shape`, `permission_denied`. */
export async function openRun(
  engine: EngineContext,
  call: CallContext,
  {
    database,
    foreignTable = "refuse",
  }: { readonly database: SessionDatabase } & Partial<Pick<HistorySetup, "foreignTable">>,
): Promise<Omit<RunContext, "session">> {
  const context = runContext(engine, call, { database, runId: newRunId() });
  const ownMigrations = await readOwnMigrations();
  const { runId, lockWait, observe } = context;
  const shapes = await database.withSession((session) =>
    ensureHistory({ session, observe, lockWait, ownMigrations, runId, foreignTable }),
  );
  return { ...context, isHostedShape: isHostedShape(shapes) };
}

/** True where schema_migrations has the six columns of hosted projects. */
export function isHostedShape({ entryColumns }: TableShapes): boolean {
  return ["created_by", "idempotency_key", "rollback"].every((column) => entryColumns.has(column));
}

/** What a runner needs, but the shape of the history table. */
export function runContext(
  engine: EngineContext,
  call: CallContext,
  { database, runId }: { readonly database: SessionDatabase; readonly runId: string },
): Omit<RunContext, "session" | "isHostedShape"> {
  const { clock, limits } = engine;
  const observe = observeBoth(engine, call);
  const blockers = watchBlockers(database, newFence().wrap);
  const lockWait = {
    clock,
    observe,
    random: Math.random,
    lockWaitMs: limits.lockWaitMs,
    signal: call.signal,
    describeBlockers: blockers.describe,
  };
  const appliedBy = call.appliedBy ?? "godwit";
  return { database, clock, observe, limits, lockWait, blockers, signal: call.signal, runId, appliedBy };
}
