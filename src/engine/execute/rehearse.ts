import { sendTogether } from "../database/send-together.ts";
import { sql } from "../database/sql.ts";
import { addDestroyed } from "../effects/add-destroyed.ts";
import { countRowsOf } from "../effects/destroyed.ts";
import { findMoved, readSequences, type MovedSequence } from "../effects/sequences.ts";
import { traceStatement } from "../effects/trace-statement.ts";
import { readRelations, readTransactionState, sinceBegin } from "../effects/transaction-state.ts";
import { EngineError } from "../errors.ts";
import type { SeenRelation, StatementTrace, TableRows, TransactionState } from "../model/effects.ts";
import type { StatementResult } from "../model/history.ts";
import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import { explainLimit, type RehearsalPlace } from "./rehearsal-limits.ts";
import { assertInside } from "./refuse-survivors.ts";
import { compareSights, readSight, type Sight, type SightChange } from "./read-sight.ts";
import type { RunContext } from "./run-context.ts";
import { isStepwise, toEnd, type MigrationEnd } from "./run-plan.ts";
import { runStatement, StatementFailure } from "./run-statement.ts";
import type { EffectsWatch } from "./watch-effects.ts";
import { beginTransaction, leaveSettings, limitTransaction, rollback } from "./transaction.ts";

/** A statement that ran and was rolled back; without a statement it is what the migration had deferred to its end. */
export interface RehearsedStatement {
  readonly migration: PlannedMigration;
  readonly statement: PlannedStatement | undefined;
  readonly durationMs: number;
  readonly trace: StatementTrace;
}

/** What rehearsing has shown. */
export interface Rehearsal {
  /** One for each migration; it ends like an applied one, or `not_run` where it, or one before it, cannot be rehearsed whole. */
  readonly ends: readonly MigrationEnd[];
  readonly statements: readonly RehearsedStatement[];
  /** What all of it changes together; undefined where something failed. */
  readonly change: SightChange | undefined;
  /** What stayed although everything was rolled back. */
  readonly moved: readonly MovedSequence[];
}

/**
 * Runs the migrations one after the other in a transaction that is rolled back, and measures what each statement does. It stops
 * at the first statement that cannot run in a transaction, and at the first that fails. On the target it takes the
 * locks that applying would take, no longer than the context's limits. Throws `survives_rollback` before anything runs.
 */
export async function rehearse(
  context: RunContext,
  migrations: readonly PlannedMigration[],
  place: RehearsalPlace,
): Promise<Rehearsal> {
  const { session } = context;
  const sequences = await readSequences(session);
  const run = await runAndRollBack(context, migrations, place);
  const used = new Set(
    run.statements.flatMap(({ trace }) => trace.locks).map(({ relation }) => relation.oid),
  );
  const moved = findMoved(sequences, await readSequences(session), used);
  return { ...run, statements: await countDestroyed(context, run.statements), moved };
}

type Run = Pick<Rehearsal, "ends" | "statements" | "change">;

async function runAndRollBack(
  context: RunContext,
  migrations: readonly PlannedMigration[],
  place: RehearsalPlace,
): Promise<Run> {
  const { session, limits, database } = context;
  const ends: MigrationEnd[] = [];
  const statements: RehearsedStatement[] = [];
  let change: SightChange | undefined;
  try {
    const transaction = await beginTransaction(session, limits, database.target.engine);
    const before = await readSight(session);
    if (place === "target") await assertInside(migrations, before.catalog);
    const meter = await startMeter(context);
    for (const migration of migrations) {
      const findUndo = isStepwise(migration) ? undefined : await context.undo?.begin(session, migration);
      const watch = await context.guard?.begin(session);
      // Looking at sequences takes locks that outlast a savepoint: they are no statement's.
      await meter();
      const running = { context, meter, pid: transaction.pid, statements, watch };
      const results = await runMigration(running, migration);
      if (isStepwise(migration)) break;
      if (migration === migrations.at(-1)) await context.gate?.(session);
      const rollback = await findUndo?.(rowsOf(migration, statements));
      ends.push({ kind: "applied", results, ...(rollback === undefined ? {} : { rollback }) });
      await enterNext(context);
      // What undoing counted is nobody's.
      await meter();
    }
    change = await lookAgain(context, before);
  } catch (error) {
    if (error instanceof EngineError && error.code === "survives_rollback") throw error;
    const end = toEnd(error);
    const text = error instanceof StatementFailure ? error.statement.text : "";
    ends.push(end.kind === "failed" ? await explainLimit({ context, end, text, place }) : end);
  } finally {
    await rollback(session);
  }
  return { ends: migrations.map((_, index) => ends[index] ?? { kind: "not_run" }), statements, change };
}

function rowsOf(
  migration: PlannedMigration,
  statements: readonly RehearsedStatement[],
): readonly TableRows[] {
  return statements.flatMap((each) => (each.migration === migration ? each.trace.rows : []));
}

async function lookAgain({ session }: RunContext, before: Sight): Promise<SightChange> {
  return compareSights(before, await readSight(session));
}

/** Measures from one statement to the next. */
type Meter = () => Promise<StatementTrace>;

async function startMeter({ session }: RunContext): Promise<Meter> {
  const [existing, first] = await sendTogether(readRelations(session), readTransactionState(session));
  let before: TransactionState = sinceBegin(first, first);
  return async () => {
    const after = sinceBegin(first, await readTransactionState(session));
    const trace = traceStatement({ existing, before, after });
    before = after;
    return trace;
  };
}

interface Running {
  readonly context: RunContext;
  readonly meter: Meter;
  readonly pid: number;
  readonly statements: RehearsedStatement[];
  readonly watch: EffectsWatch | undefined;
}

async function runMigration(
  { context, meter, pid, statements, watch }: Running,
  migration: PlannedMigration,
): Promise<readonly StatementResult[]> {
  const results: StatementResult[] = [];
  for (const statement of listRehearsable(migration)) {
    const run = () => runStatement(context, pid, statement);
    const result = await (watch === undefined ? run() : watch.around(statement, run));
    results.push(result);
    const { durationMs } = result;
    statements.push({ migration, statement, durationMs, trace: await meter() });
  }
  const startedMs = context.clock.monotonicMs();
  await context.session.run(sql`set constraints all immediate`);
  const durationMs = Math.round(context.clock.monotonicMs() - startedMs);
  await watch?.settle(migration.fileName);
  statements.push({ migration, statement: undefined, durationMs, trace: await meter() });
  return results;
}

/** What is still to run, up to the first statement that cannot run in a transaction. */
function listRehearsable({ steps, stepsDone }: PlannedMigration): readonly PlannedStatement[] {
  const ahead = steps.slice(stepsDone);
  const alone = ahead.findIndex(({ kind }) => kind === "alone");
  return ahead
    .slice(0, alone === -1 ? ahead.length : alone)
    .flatMap((step) => (step.kind === "transaction" ? step.statements : []))
    .filter(({ isExecutable }) => isExecutable);
}

/** The next migration meets the transaction as if it were its own: with the limits, and with neither role nor settings of the last. */
async function enterNext({ session, limits, database }: RunContext): Promise<void> {
  const { engine } = database.target;
  await sendTogether(
    session.run(sql`set constraints all deferred`),
    leaveSettings(session, engine),
    limitTransaction(session, limits, engine),
  );
}

/** Counts after the rollback, so that nobody waits for it under the locks. */
async function countDestroyed(
  { session }: RunContext,
  statements: readonly RehearsedStatement[],
): Promise<readonly RehearsedStatement[]> {
  const gone = new Map<string, SeenRelation>();
  for (const { trace } of statements) {
    for (const relation of [...trace.emptied, ...trace.dropped])
      if (relation.kind === "table") gone.set(relation.oid, relation);
  }
  const counted = await countRowsOf(session, [...gone.values()]);
  const traces = addDestroyed(
    statements.map(({ trace }) => trace),
    counted,
  );
  return statements.map((statement, index) => ({ ...statement, trace: traces[index] ?? statement.trace }));
}
