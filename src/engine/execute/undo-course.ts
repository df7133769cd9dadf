import { readRolesNamedIn } from "../effects/role-states.ts";
import { readRowDigests, tablesNamedIn, type RowDigests } from "../effects/row-digests.ts";
import type { TableRows } from "../model/effects.ts";
import type { Loss } from "../model/loss.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { Rollback } from "../model/rollback.ts";
import type { Clock, Session, TargetDescription } from "../ports.ts";
import { keepData, purgeKept } from "./keep-data.ts";
import { proveUndo } from "./prove-undo.ts";
import { readMoment, type SchemaMoment } from "./schema-moment.ts";

/** Finds the way back from each migration of one run. */
export interface UndoCourse {
  /** Looks at the schema before a migration, in its transaction, and copies what the migration asks to keep. */
  readonly begin: (session: Session, migration: PlannedMigration) => Promise<BegunUndo>;
}

/** Finds the way back from the migration that has run since, in the same transaction; rows are those that it changed. */
export type BegunUndo = (rows: readonly TableRows[]) => Promise<Rollback>;

interface CourseSettings {
  readonly clock: Clock;
  readonly engine: TargetDescription["engine"];
  /** What each migration was known to take away, by its file's name. */
  readonly lossesOf: (fileName: string) => readonly Loss[];
  /** True where nobody else can change the schema between two migrations of the run. */
  readonly isAlone: boolean;
  /** Hours after which copies of what migrations have asked to keep go; undefined where none go. */
  readonly purgeAfterHours: number | undefined;
}

/** What one statement of a way back may take while the migration's locks are held, and all ways back of one run together; milliseconds. */
const statementLimitMs = 1_000;
const runLimitMs = 20_000;

export function startUndoCourse({
  clock,
  engine,
  lossesOf,
  isAlone,
  purgeAfterHours,
}: CourseSettings): UndoCourse {
  let spentMs = 0;
  let known: SchemaMoment | undefined;
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const startedMs = clock.monotonicMs();
    try {
      return await work();
    } finally {
      spentMs += clock.monotonicMs() - startedMs;
    }
  };
  return {
    begin: async (session, migration) => {
      if (spentMs > runLimitMs && migration.keepsData !== true) {
        known = undefined;
        return async () => unproven("so many migrations ran in one call that there was no time for it");
      }
      const before = (isAlone ? known : undefined) ?? (await timed(() => readMoment(session)));
      const roles = await timed(() => readRolesNamedIn(session, migration.sql));
      const digests = await timed(() => digestRows(session, engine, { migration, before }));
      if (purgeAfterHours !== undefined) await purgeKept(session, purgeAfterHours);
      const kept = await keepData(session, migration);
      return async (rows) => {
        const question = {
          session,
          engine,
          migration,
          before,
          digests,
          roles,
          rows,
          kept,
          losses: lossesOf(migration.fileName),
        };
        const proof = await timed(() => proveUndo({ ...question, timeoutMs: statementLimitMs }));
        known = proof.after;
        return proof.rollback;
      };
    },
  };
}

/** Statements that change no row and give no column another type need nobody to compare rows. */
const touchesRows = /\b(?:insert|update|delete|merge|truncate|drop|type|do|perform|call|execute|select)\b/i;

async function digestRows(
  session: Session,
  engine: TargetDescription["engine"],
  { migration, before }: { readonly migration: PlannedMigration; readonly before: SchemaMoment },
): Promise<RowDigests> {
  if (!touchesRows.test(migration.sql)) return new Map();
  return readRowDigests(session, engine, tablesNamedIn(migration.sql, before.things));
}

/** A way back that nobody has looked for, and why. */
export function unproven(reason: string): Rollback {
  return {
    verdict: "unproven",
    source: "generated",
    sql: undefined,
    losses: [],
    rowsLeft: [],
    reason,
    objects: [],
  };
}
