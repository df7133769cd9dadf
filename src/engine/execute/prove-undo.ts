import { EngineError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { PlannedMigration } from "../model/plan.ts";
import { leadsBack, type Rollback } from "../model/rollback.ts";
import { planRenames } from "../plan/rollback/plan-renames.ts";
import { planUndoSql } from "../plan/rollback/plan-given.ts";
import { planRemoval, planRestore, schemaForRestoring } from "../plan/rollback/plan-restore.ts";
import { planUndo, toScript, type Undo } from "../plan/rollback/plan-undo.ts";
import { planPositions } from "../plan/rollback/sequence-positions.ts";
import { touchedObjects } from "../plan/rollback/touched-objects.ts";
import { findRestored } from "./keep-data.ts";
import { assertInside } from "./refuse-survivors.ts";
import { readMoment, type SchemaMoment } from "./schema-moment.ts";
import { sendTogether } from "../database/send-together.ts";
import { leaveSettings } from "./transaction.ts";
import { readHalfway, runUndo, tryInSavepoint } from "./try-undo.ts";
import { projectChanges, type UndoAttempt, type UndoQuestion } from "./undo-attempt.ts";

/**
 * Finds a migration's way back and tries it: everything is undone in a savepoint, compared with what was before, and the savepoint
 * rolled back. The file's own way back comes first, and is used where it leads back; else one made from the two schemas.
 * Leaves the migration's role and settings. What the database refuses is told in the answer; only a lost connection is thrown.
 */
export async function proveUndo(
  question: UndoQuestion,
): Promise<{ readonly rollback: Rollback; readonly after: SchemaMoment }> {
  const { session, engine, migration, before } = question;
  const [, after] = await sendTogether(leaveSettings(session, engine), readMoment(session));
  const changes = projectChanges(before.catalog, after.catalog);
  const attempt: UndoAttempt = { ...question, after, changes };
  const objects = touchedObjects(changes, { before: before.catalog, after: after.catalog });
  const given = migration.rollbackSql;
  const byGiven = given === undefined ? undefined : await tryGiven(attempt, given);
  if (byGiven !== undefined && leadsBack(byGiven.verdict))
    return { rollback: { ...byGiven, objects }, after };
  const whole = await tryGenerated(attempt);
  // Rows that do not come back must not keep the schema from it.
  const generated =
    leadsBack(whole.verdict) || attempt.kept.length === 0
      ? whole
      : await tryGenerated({ ...attempt, kept: [] });
  if (byGiven === undefined || leadsBack(generated.verdict)) {
    const why =
      byGiven?.reason === undefined
        ? {}
        : { reason: `The file's own rollback is not used: ${byGiven.reason}` };
    return { rollback: { ...generated, ...why, objects }, after };
  }
  return { rollback: { ...byGiven, objects }, after };
}

type Found = Omit<Rollback, "objects">;

async function tryGiven(attempt: UndoAttempt, given: string): Promise<Found> {
  const base = { source: "given", sql: given, losses: [], rowsLeft: [] } as const;
  const planned = await planUndoSql(attempt.migration, given);
  if (planned.kind === "refused") return { ...base, verdict: "impossible", reason: planned.reason };
  const effect = await findSurvivor(planned.migration, attempt.after.catalog);
  if (effect !== undefined) return { ...base, verdict: "unproven", reason: effect };
  const statements = planned.migration.statements.filter(({ isExecutable }) => isExecutable);
  return {
    ...base,
    ...(await tryInSavepoint(attempt, async () => {
      await runUndo(
        attempt,
        statements.map(({ text }) => text),
      );
      return { kind: "undone", restored: [] };
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

async function tryGenerated(attempt: UndoAttempt): Promise<Found> {
  const base = { source: "generated", sql: undefined, losses: [], rowsLeft: [] } as const;
  if (attempt.changes.length === 0 && attempt.kept.length === 0)
    return {
      ...base,
      ...(await tryInSavepoint(attempt, async () => ({ kind: "nothing_to_undo" }))),
      sql: "",
    };
  const statements: string[] = [];
  const judged = await tryInSavepoint(attempt, async () => {
    const renames = planRenames(attempt.before.things, attempt.after.things);
    statements.push(...renames);
    await runUndo(attempt, renames);
    const now = renames.length === 0 ? attempt.after.catalog : await readHalfway(attempt);
    const undo = planWithRows(attempt, now);
    if (undo.kind === "impossible") return undo;
    const back = [...undo.statements, ...planPositions(attempt.before.things, attempt.after.things)];
    statements.push(...back);
    await runUndo(attempt, back);
    const restored = await findRestored(attempt.session, attempt.kept);
    const removal = planRemoval(attempt.kept);
    statements.push(...removal);
    await runUndo(attempt, removal);
    return { kind: "undone", restored };
  });
  return judged.verdict === "impossible"
    ? { ...base, ...judged }
    : { ...base, ...judged, sql: toScript(statements), ...keptIn(attempt) };
}

function keptIn({ kept }: UndoAttempt): Pick<Rollback, "kept"> {
  return kept.length === 0 ? {} : { kept: kept.map(({ copy }) => copy) };
}

/** With rows to bring back, the schema is undone in two parts: what rows would meet comes behind them. */
function planWithRows({ before, kept }: UndoAttempt, now: Catalog): Undo {
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
