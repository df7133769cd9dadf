import { readCatalog } from "../catalog/read-catalog.ts";
import { ident, joinSql, sql, userStatement } from "../database/sql.ts";
import { readRowDigests, type RowDigests } from "../effects/row-digests.ts";
import { mergeRows, startRowMeter } from "../effects/row-counters.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { TableRows } from "../model/effects.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { Rollback } from "../model/rollback.ts";
import type { KeptData } from "../model/kept-data.ts";
import type { Loss } from "../model/loss.ts";
import type { NamedThing } from "../model/things.ts";
import type { Session, TargetDescription } from "../ports.ts";
import {
  judgeUndo,
  retypedColumns,
  tablesToLookAt,
  type UndoJudgement,
} from "../plan/rollback/judge-undo.ts";
import { projectChanges } from "../plan/rollback/plan-undo.ts";
import { readMoment, type SchemaMoment } from "./schema-moment.ts";
import { leaveSettings } from "./transaction.ts";

/** What proving a way back needs. */
export interface UndoQuestion {
  readonly session: Session;
  readonly engine: TargetDescription["engine"];
  readonly migration: PlannedMigration;
  /** Before the migration, in the same transaction or under the same lock. */
  readonly before: SchemaMoment;
  /** Of the rows before the migration, of small tables that it names. */
  readonly digests: RowDigests;
  /** Rows that the migration changed. */
  readonly rows: readonly TableRows[];
  /** Copies of what the migration took away, made before it ran. */
  readonly kept: readonly KeptData[];
  /** What the migration was known to take away. */
  readonly losses: readonly Loss[];
  /** How long a statement of the way back may take, in milliseconds, while the migration's locks are held. */
  readonly timeoutMs: number;
}

/** A question about a migration that has run. */
export interface UndoTrial extends UndoQuestion {
  readonly after: SchemaMoment;
}

/** How an attempt to undo ended, before anybody looks at the schema: with the names of what came back from its copy as it was. */
export type Undone =
  | { readonly kind: "undone"; readonly restored: readonly string[] }
  | { readonly kind: "impossible"; readonly reason: string };

/** What a trial says of a way back, without the way itself. */
export type Judged = Pick<Rollback, "verdict" | "losses" | "rowsLeft" | "reason">;

/** Undone, with no copies to bring rows back from. */
export const nothingRestored: Undone = { kind: "undone", restored: [] };

/** Undoes, looks, and takes the undoing back; `undo` may answer by itself that there is no way. */
export async function inSavepoint(trial: UndoTrial, undo: () => Promise<Undone>): Promise<Judged> {
  const { session } = trial;
  await session.run(sql`savepoint godwit_undo`);
  try {
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

/** Looking at the schema has the limits of looking, not those of a statement that holds locks. */
export async function readHalfway({ session, engine }: UndoTrial): Promise<Catalog> {
  await leaveSettings(session, engine);
  return readCatalog(session);
}

/** Runs the statements within the limits of the trial, with the checks that they defer. */
export async function runAll(trial: UndoTrial, statements: readonly string[]): Promise<void> {
  const { session } = trial;
  if (trial.engine === "postgres") await session.run(limits(trial.timeoutMs));
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

async function look(trial: UndoTrial, { undoneRows, restored }: UndoneRows): Promise<UndoJudgement> {
  const { session, engine, before, after, rows, losses } = trial;
  await leaveSettings(session, engine);
  const end = await readMoment(session);
  const retyped = retypedColumns(projectChanges(before.catalog, after.catalog), {
    before: before.things,
    after: after.things,
  });
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
    unchanged: await findUnchanged(trial, end),
    setsSequences: /\bsetval\b|\brestart\b/i.test(trial.migration.sql),
    filled: await readFilled(session, looked),
    retyped,
  });
}

/** Which tables have in the end exactly the rows that they had before, of those whose rows were looked at. */
async function findUnchanged(
  { session, engine, digests }: UndoTrial,
  { things }: SchemaMoment,
): Promise<ReadonlySet<string>> {
  const looked = [...things.values()].filter(
    ({ kind, schema, name }) => kind === "table" && digests.has(`${schema}.${name}`),
  );
  const now = await readRowDigests(session, engine, looked);
  return new Set([...now].flatMap(([name, rows]) => (rows === digests.get(name) ? [name] : [])));
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
