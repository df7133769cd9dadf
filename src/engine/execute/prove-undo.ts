import { EngineError } from "../errors.ts";
import type { Catalog, Change } from "../model/catalog.ts";
import type { PlannedMigration } from "../model/plan.ts";
import { leadsBack, type Rollback } from "../model/rollback.ts";
import { planUndoSql } from "../plan/rollback/plan-given.ts";
import { planRenames } from "../plan/rollback/plan-renames.ts";
import { planRemoval, planRestore, schemaForRestoring } from "../plan/rollback/plan-restore.ts";
import { planPositions } from "../plan/rollback/sequence-positions.ts";
import { planUndo, projectChanges, toScript, type Undo } from "../plan/rollback/plan-undo.ts";
import { touchedObjects } from "../plan/rollback/touched-objects.ts";
import { findRestored } from "./keep-data.ts";
import { assertInside } from "./refuse-survivors.ts";
import { readMoment, type SchemaMoment } from "./schema-moment.ts";
import { leaveSettings } from "./transaction.ts";
import {
  inSavepoint,
  nothingRestored,
  readHalfway,
  runAll,
  type UndoQuestion,
  type UndoTrial,
} from "./try-undo.ts";

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
  const trial: UndoTrial = { ...question, after };
  const changes = projectChanges(before.catalog, after.catalog);
  const objects = touchedObjects(changes, { before: before.catalog, after: after.catalog });
  const given = migration.rollbackSql;
  const byGiven = given === undefined ? undefined : await tryGiven(trial, given);
  if (byGiven !== undefined && leadsBack(byGiven.verdict))
    return { rollback: { ...byGiven, objects }, after };
  const whole = await tryGenerated(trial, changes);
  // Rows that do not come back must not keep the schema from it.
  const generated =
    leadsBack(whole.verdict) || trial.kept.length === 0
      ? whole
      : await tryGenerated({ ...trial, kept: [] }, changes);
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

async function tryGiven(trial: UndoTrial, given: string): Promise<Found> {
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

async function tryGenerated(trial: UndoTrial, changes: readonly Change[]): Promise<Found> {
  const base = { source: "generated", sql: undefined, losses: [], rowsLeft: [] } as const;
  if (changes.length === 0 && trial.kept.length === 0)
    return { ...base, ...(await inSavepoint(trial, async () => nothingRestored)), sql: "" };
  const statements: string[] = [];
  const judged = await inSavepoint(trial, async () => {
    const renames = planRenames(trial.before.things, trial.after.things);
    statements.push(...renames);
    await runAll(trial, renames);
    const now = renames.length === 0 ? trial.after.catalog : await readHalfway(trial);
    const undo = planWithRows(trial, now);
    if (undo.kind === "impossible") return undo;
    const back = [...undo.statements, ...planPositions(trial.before.things, trial.after.things)];
    statements.push(...back);
    await runAll(trial, back);
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

function keptIn({ kept }: UndoTrial): Pick<Rollback, "kept"> {
  return kept.length === 0 ? {} : { kept: kept.map(({ copy }) => copy) };
}

/** With rows to bring back, the schema is undone in two parts: what rows would meet comes behind them. */
function planWithRows({ before, kept }: UndoTrial, now: Catalog): Undo {
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
