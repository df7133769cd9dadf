import { readFrom } from "../database/transport.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { RunRecord, StatementResult } from "../model/history.ts";
import type { Loss } from "../model/loss.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import type { Rollback } from "../model/rollback.ts";
import type { Version } from "../model/version.ts";
import { recordedRun } from "../history/queries.ts";
import type { Clock, Database, Observe, Session } from "../ports.ts";
import type { RunContext } from "./run-context.ts";
import { runInOneTransaction, type Expected, type MigrationRun } from "./run-migration.ts";
import { StatementFailure } from "./run-statement.ts";
import { runStepwise } from "./run-stepwise.ts";
import { UnconfirmedEffects } from "./watch-effects.ts";

/** What became of one planned migration. */
export type MigrationEnd =
  | {
      readonly kind: "applied";
      readonly results: readonly StatementResult[];
      /** Set where the statements could only be timed together, and their rows not be counted; `results` is then empty. */
      readonly totalMs?: number;
      /** How it can be undone; absent where nobody looked for it. */
      readonly rollback?: Rollback;
    }
  | { readonly kind: "already_applied" }
  | {
      readonly kind: "failed";
      readonly statement: PlannedStatement | undefined;
      readonly error: DatabaseError | EngineError;
      /** Statements that stay done though the migration failed: those outside a transaction, and before. */
      readonly keepsSteps: boolean;
    }
  | { readonly kind: "in_doubt"; readonly error: EngineError }
  /** Rolled back: it destroyed what nobody has confirmed. */
  | { readonly kind: "unconfirmed"; readonly losses: readonly Loss[]; readonly keepsSteps: boolean }
  | { readonly kind: "not_run" };

export interface PlanRun {
  readonly migrations: readonly PlannedMigration[];
  /** Versions that were recorded when the plan was made. */
  readonly known: ReadonlySet<string>;
  readonly unfinished: ReadonlyMap<Version, RunRecord>;
  /** Under the lock of the first migration: what has changed in the schema since the plan was approved. */
  readonly findDrift: Expected["findDrift"];
  /** Everything of a `RunContext` but the session. */
  readonly context: Omit<RunContext, "session">;
}

/** Runs the migrations in order, each on a connection of its own choosing, and stops at the first that does not succeed. */
export function runPlan(run: PlanRun): Promise<readonly MigrationEnd[]> {
  const { database } = run.context;
  return runInOrder({
    ...run,
    ...run.context,
    runOne: async (migration, known) => {
      const result = await database.withSession((session) => runOn(session, run, migration, known));
      if (result.kind === "applied") await assertRecorded(run.context, migration);
      return result;
    },
  });
}

/** Migrations, and what runs one of them; `known` are the versions recorded so far. */
export interface OrderedRun {
  readonly migrations: readonly PlannedMigration[];
  readonly known: ReadonlySet<string>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly runOne: (migration: PlannedMigration, known: ReadonlySet<string>) => Promise<MigrationRun>;
}

/** Runs migrations one after the other and tells of each; those behind one that does not succeed do not run. */
export async function runInOrder(run: OrderedRun): Promise<readonly MigrationEnd[]> {
  const ends: MigrationEnd[] = [];
  const known = new Set(run.known);
  for (const [index, migration] of run.migrations.entries()) {
    const previous = ends.at(-1);
    if (previous !== undefined && previous.kind !== "applied" && previous.kind !== "already_applied") {
      ends.push({ kind: "not_run" });
      continue;
    }
    ends.push(await runNext(run, migration, known, { position: index + 1, total: run.migrations.length }));
    known.add(migration.version);
  }
  return ends;
}

async function runNext(
  run: OrderedRun,
  migration: PlannedMigration,
  known: ReadonlySet<string>,
  place: { readonly position: number; readonly total: number },
): Promise<MigrationEnd> {
  const { clock, observe } = run;
  const startedMs = clock.monotonicMs();
  observe({ kind: "migration_started", version: migration.version, ...place });
  const end = await settle(() => run.runOne(migration, known));
  observe({
    kind: "migration_finished",
    version: migration.version,
    status: statusOf(end),
    durationMs: Math.round(clock.monotonicMs() - startedMs),
  });
  return end.kind === "failed" || end.kind === "unconfirmed"
    ? { ...end, keepsSteps: isStepwise(migration) && end.keepsSteps }
    : end;
}

function statusOf({ kind }: MigrationEnd): "applied" | "failed" | "in_doubt" {
  if (kind === "in_doubt") return kind;
  return kind === "failed" || kind === "unconfirmed" ? "failed" : "applied";
}

/** True for a migration that cannot be one transaction, or no longer. */
export function isStepwise(migration: PlannedMigration): boolean {
  const { steps, stepsDone } = migration;
  return steps.length > 1 || stepsDone > 0 || steps.some((step) => step.kind === "alone");
}

function runOn(
  session: Session,
  run: PlanRun,
  migration: PlannedMigration,
  known: ReadonlySet<string>,
): Promise<MigrationRun> {
  const { gate, ...shared } = run.context;
  const isLast = run.migrations.at(-1) === migration;
  const context: RunContext = { ...shared, session, ...(isLast && gate !== undefined ? { gate } : {}) };
  const isFirst = run.migrations[0] === migration;
  const expected = {
    known,
    unfinished: run.unfinished.get(migration.version),
    findDrift: isFirst ? run.findDrift : undefined,
  };
  return isStepwise(migration)
    ? runStepwise(context, migration, expected)
    : runInOneTransaction(context, migration, expected);
}

/** Reads both rows back on a new look at the database: success is said of what is there, not of what was sent. */
export async function assertRecorded(
  { database, runId }: { readonly database: Database; readonly runId: string },
  migration: PlannedMigration,
): Promise<void> {
  const { version } = migration;
  const query = recordedRun(version, runId);
  const { rows } = await readFrom(database, (reader) => reader.run(query)).catch((cause: unknown) => {
    const fact = `${version} was committed, but the database did not answer when its history rows were read back.`;
    throw new EngineError("outcome_unknown", fact, { version }, cause);
  });
  const row = rows[0];
  if (row?.["has_entry"] === true && row["has_run"] === true) return;
  throw new EngineError(
    "outcome_unknown",
    `${migration.version} was committed, but its history rows are not there: something removes them.`,
    { version: migration.version },
  );
}

async function settle(runMigration: () => Promise<MigrationRun>): Promise<MigrationEnd> {
  try {
    const result = await runMigration();
    if (result.kind !== "overtaken") return result;
    const error = new EngineError("plan_is_stale", result.fact, {
      hint: "Call list_migrations to see what was applied, then decide whether this one still fits.",
    });
    return { kind: "failed", statement: undefined, error, keepsSteps: false };
  } catch (error) {
    return toEnd(error);
  }
}

/** A thrown error as the end of a migration. Rethrows what is no answer of the database or the engine. */
export function toEnd(error: unknown): MigrationEnd {
  const cause = error instanceof StatementFailure ? error.cause : error;
  const { statement } = failureIn(error) ?? {};
  if (cause instanceof UnconfirmedEffects)
    return { kind: "unconfirmed", losses: cause.losses, keepsSteps: true };
  if (cause instanceof EngineError && cause.code === "outcome_unknown")
    return { kind: "in_doubt", error: cause };
  if (cause instanceof EngineError || cause instanceof DatabaseError) {
    return { kind: "failed", statement, error: cause, keepsSteps: true };
  }
  throw error;
}

/** The statement's failure, also where an error of the engine's own was made of it. */
function failureIn(error: unknown): StatementFailure | undefined {
  if (error instanceof StatementFailure) return error;
  return error instanceof EngineError && error.cause instanceof StatementFailure ? error.cause : undefined;
}
