import { readCatalog } from "../catalog/read-catalog.ts";
import { readThings } from "../catalog/read-things.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { ident, joinSql, sql, userStatement } from "../database/sql.ts";
import { mergeRows, startRowMeter } from "../effects/row-counters.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { Catalog, Change } from "../model/catalog.ts";
import type { TableRows } from "../model/effects.ts";
import type { KeptData } from "../model/kept-data.ts";
import type { Loss } from "../model/loss.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { Rollback } from "../model/rollback.ts";
import type { NamedThing, Things } from "../model/things.ts";
import type { Session, TargetDescription } from "../ports.ts";
import {
  judgeUndo,
  retypedColumns,
  tablesToLookAt,
  type UndoJudgement,
} from "../plan/rollback/judge-undo.ts";
import { planRenames } from "../plan/rollback/plan-renames.ts";
import { planUndoSql } from "../plan/rollback/plan-given.ts";
import { planRemoval, planRestore, schemaForRestoring } from "../plan/rollback/plan-restore.ts";
import { isBookkeeping, planUndo, toScript, type Undo } from "../plan/rollback/plan-undo.ts";
import { touchedObjects } from "../plan/rollback/touched-objects.ts";
import { findRestored } from "./keep-data.ts";
import { assertInside } from "./refuse-survivors.ts";
import { leaveSettings } from "./transaction.ts";

/** A schema at one moment: what it is, and what the server knows it by. */
export interface SchemaMoment {
  readonly catalog: Catalog;
  readonly things: Things;
}

/** What proving a way back needs. */
export interface UndoQuestion {
  readonly session: Session;
  readonly engine: TargetDescription["engine"];
  readonly migration: PlannedMigration;
  /** Before the migration, in the same transaction or under the same lock. */
  readonly before: SchemaMoment;
  /** Rows that the migration changed. */
  readonly rows: readonly TableRows[];
  /** Copies of what the migration took away, made before it ran. */
  readonly kept: readonly KeptData[];
  /** What the migration was known to take away. */
  readonly losses: readonly Loss[];
  /** How long a statement of the way back may take, in milliseconds, while the migration's locks are held. */
  readonly timeoutMs: number;
}

/** The schema as it is at this moment of the open transaction; the locks that looking takes are given back. */
export async function readMoment(session: Session): Promise<SchemaMoment> {
  await session.run(sql`savepoint godwit_look`);
  const moment = { catalog: await readCatalog(session), things: await readThings(session) };
  await session.run(sql`rollback to savepoint godwit_look`);
  await session.run(sql`release savepoint godwit_look`);
  return moment;
}

/**
 * Finds a migration's way back and tries it: everything is undone in a savepoint, compared with what was before, and the savepoint
 * rolled back. The file's own way back comes first, and is used where it leads back; else one made from the two schemas.
 * Leaves the migration's role and settings. What the database refuses is told in the answer; only a lost connection is thrown.
 */
export async function proveUndo(
  question: UndoQuestion,
): Promise<{ readonly rollback: Rollback; readonly after: SchemaMoment }> {
  const { session, engine, migration, before } = question;
  await leaveSettings(session, engine);
  const after = await readMoment(session);
  const trial: Trial = { ...question, after };
  const changes = projectChanges(before.catalog, after.catalog);
  const objects = touchedObjects(changes, { before: before.catalog, after: after.catalog });
  const given = migration.rollbackSql;
  const byGiven = given === undefined ? undefined : await tryGiven(trial, given);
  if (byGiven !== undefined && isGood(byGiven)) return { rollback: { ...byGiven, objects }, after };
  const whole = await tryGenerated(trial, changes);
  // Rows that do not come back must not keep the schema from it.
  const generated =
    isGood(whole) || trial.kept.length === 0 ? whole : await tryGenerated({ ...trial, kept: [] }, changes);
  if (byGiven === undefined || isGood(generated)) {
    const why =
      byGiven?.reason === undefined
        ? {}
        : { reason: `The file's own rollback is not used: ${byGiven.reason}` };
    return { rollback: { ...generated, ...why, objects }, after };
  }
  return { rollback: { ...byGiven, objects }, after };
}

type Found = Omit<Rollback, "objects">;

interface Trial extends UndoQuestion {
  readonly after: SchemaMoment;
}

/** How an attempt to undo ended, before anybody looks at the schema: with the names of what came back from its copy as it was. */
type Undone =
  | { readonly kind: "undone"; readonly restored: readonly string[] }
  | { readonly kind: "impossible"; readonly reason: string };

function isGood({ verdict }: Found): boolean {
  return verdict !== "impossible" && verdict !== "unproven";
}

async function tryGiven(trial: Trial, given: string): Promise<Found> {
  const base = { source: "given", sql: given, losses: [], rowsLeft: [] } as const;
  const planned = await planUndoSql(trial.migration, given);
  if (planned.kind === "refused") return { ...base, verdict: "impossible", reason: planned.reason };
  const effect = await findSurvivor(planned.migration, trial.after.catalog);
  if (effect !== undefined) return { ...base, verdict: "unproven", reason: effect };
  const statements = planned.migration.statements.filter(({ isExecutable }) => isExecutable);
  return {
    ...base,
    ...(await inSavepoint(trial, async () => {
      await runAll(
        trial,
        statements.map(({ text }) => text),
      );
      return nothingRestored;
    })),
  };
}

/** What of the SQL a rollback to the savepoint would not take back. */
async function findSurvivor(migration: PlannedMigration, catalog: Catalog): Promise<string | undefined> {
  return assertInside([migration], catalog).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof EngineError && error.code === "survives_rollback") return error.message;
      throw error;
    },
  );
}

async function tryGenerated(trial: Trial, changes: readonly Change[]): Promise<Found> {
  const base = { source: "generated", sql: undefined, losses: [], rowsLeft: [] } as const;
  if (changes.length === 0 && trial.kept.length === 0)
    return { ...base, ...(await inSavepoint(trial, async () => nothingRestored)), sql: "" };
  const statements: string[] = [];
  const judged = await inSavepoint(trial, async () => {
    const renames = planRenames(trial.before.things, trial.after.things);
    statements.push(...renames);
    await runAll(trial, renames);
    const now = renames.length === 0 ? trial.after.catalog : await readCatalog(trial.session);
    const undo = planWithRows(trial, now);
    if (undo.kind === "impossible") return undo;
    statements.push(...undo.statements);
    await runAll(trial, undo.statements);
    const restored = await findRestored(trial.session, trial.kept);
    const removal = planRemoval(trial.kept);
    statements.push(...removal);
    await runAll(trial, removal);
    return { kind: "undone", restored };
  });
  return judged.verdict === "impossible"
    ? { ...base, ...judged }
    : { ...base, ...judged, sql: toScript(statements), ...keptIn(trial) };
}

function keptIn({ kept }: Trial): Pick<Rollback, "kept"> {
  return kept.length === 0 ? {} : { kept: kept.map(({ copy }) => copy) };
}

/** With rows to bring back, the schema is undone in two parts: what rows would meet comes behind them. */
function planWithRows({ before, kept }: Trial, now: Catalog): Undo {
  if (kept.length === 0) return planUndo({ before: before.catalog, after: now });
  const halfway = schemaForRestoring(before.catalog, now, kept);
  const first = planUndo({ before: halfway, after: now });
  const second = planUndo({ before: before.catalog, after: halfway });
  if (first.kind === "impossible") return first;
  if (second.kind === "impossible") return second;
  const existing = new Set(
    [...now.facts.values()].flatMap(({ kind, id }) =>
      kind === "table" ? [`${id.schema ?? ""}.${id.name}`] : [],
    ),
  );
  const restore = planRestore(kept, existing);
  return { kind: "planned", statements: [...first.statements, ...restore, ...second.statements] };
}

/** What differs, without the history and the copies of rows that lie beside it. */
function projectChanges(from: Catalog, to: Catalog): readonly Change[] {
  return diffCatalogs(from, to).filter((change) => !isBookkeeping(change));
}

type Judged = Pick<Found, "verdict" | "losses" | "rowsLeft"> & Pick<Rollback, "reason">;

const nothingRestored: Undone = { kind: "undone", restored: [] };

/** Undoes, looks, and takes the undoing back; `undo` may answer by itself that there is no way. */
async function inSavepoint(trial: Trial, undo: () => Promise<Undone>): Promise<Judged> {
  const { session } = trial;
  await session.run(sql`savepoint godwit_undo`);
  try {
    if (trial.engine === "postgres") await session.run(limits(trial.timeoutMs));
    const meter = await startRowMeter(session);
    const undone = await undo();
    if (undone.kind === "impossible") return impossible(undone.reason);
    return await look(trial, { undoneRows: (await meter?.()) ?? [], restored: undone.restored });
  } catch (error) {
    return toJudged(error);
  } finally {
    await session.run(sql`rollback to savepoint godwit_undo`);
    await session.run(sql`release savepoint godwit_undo`);
  }
}

function limits(timeoutMs: number) {
  return sql`
    select
      set_config('lock_timeout', '100ms', true),
      set_config('statement_timeout', ${String(timeoutMs)}, true)`;
}

async function runAll({ session }: Trial, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await session.run(userStatement(statement)).catch((cause: unknown) => {
      throw new RefusedUndo(statement, cause);
    });
  }
  await session.run(sql`set constraints all immediate`);
}

interface UndoneRows {
  readonly undoneRows: readonly TableRows[];
  readonly restored: readonly string[];
}

async function look(trial: Trial, { undoneRows, restored }: UndoneRows): Promise<UndoJudgement> {
  const { session, engine, before, after, rows, losses } = trial;
  await leaveSettings(session, engine);
  const end = await readMoment(session);
  const retyped = retypedColumns(projectChanges(before.catalog, after.catalog));
  const looked = tablesToLookAt({ before: before.things, end: end.things, retyped });
  return judgeUndo({
    before: before.things,
    after: after.things,
    end: end.things,
    left: projectChanges(end.catalog, before.catalog),
    rows: mergeRows(rows),
    undoneRows,
    losses,
    restored: new Set(restored),
    filled: await readFilled(session, looked),
    retyped,
  });
}

/** Which of these tables have a row; policies must not hide one. */
async function readFilled(session: Session, tables: readonly NamedThing[]): Promise<ReadonlySet<string>> {
  if (tables.length === 0) return new Set();
  await session.run(sql`select set_config('row_security', 'off', true)`);
  const questions = tables.map(
    ({ id, schema, name }) => sql`select ${id}::text as id where exists (select from ${ident(schema, name)})`,
  );
  const { rows } = await session.run(joinSql(questions, " union all "));
  return new Set(rows.map((row) => String(row["id"])));
}

/** A statement of a way back that the database refused. */
class RefusedUndo extends Error {
  override readonly name = "RefusedUndo";
  readonly statement: string;

  constructor(statement: string, cause: unknown) {
    super("A statement of a way back was refused.", { cause });
    this.statement = statement;
  }
}

/** SQLSTATEs of a lock that another has, and of a statement that took too long: nothing is known then. */
const outOfTime: ReadonlySet<string> = new Set(["55P03", "57014", "40P01", "40001"]);

function toJudged(thrown: unknown): Judged {
  const error = thrown instanceof RefusedUndo ? thrown.cause : thrown;
  if (error instanceof EngineError) return impossible(error.message);
  if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
  const { sqlstate, message } = error.fields;
  if (outOfTime.has(sqlstate)) {
    return {
      losses: [],
      rowsLeft: [],
      verdict: "unproven",
      reason: "trying it took longer than the migration's locks may be held for it",
    };
  }
  const what = thrown instanceof RefusedUndo ? ` (${thrown.statement.slice(0, 200)})` : "";
  return impossible(`The database refuses it: ${message}${what}`);
}

function impossible(reason: string): Judged {
  return { verdict: "impossible", losses: [], rowsLeft: [], reason };
}
