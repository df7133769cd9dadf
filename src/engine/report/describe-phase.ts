import type { KeyColumn } from "../execute/batch-range.ts";
import type { PhaseRehearsal } from "../execute/rehearse-phase.ts";
import type { PhaseDone, PhaseEnd } from "../execute/run-batches.ts";
import { StatementFailure } from "../execute/run-statement.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { Loss } from "../model/loss.ts";
import type { PhaseProgress, PlannedPhase, RecordedPhase } from "../model/phase.ts";
import type { PhaseProgressReport, RunPhaseReport } from "../model/phase-report.ts";
import type { FailureReport } from "../model/report.ts";
import { smallerBatch } from "../plan/batch-size.ts";
import type { CallContext, RunPhaseRequest } from "../requests.ts";
import { describeLosses, summarizeLosses } from "./describe-losses.ts";
import { adviseUndo, describePhaseUndo } from "./describe-phase-undo.ts";
import { describeTableRows } from "./describe-trace.ts";
import { describeFailure } from "./failure.ts";
import type { Fence } from "./fence.ts";

/** The phase that an answer is about. */
interface Subject {
  readonly planned: PlannedPhase;
  readonly file: string;
  readonly isNew: boolean;
  readonly recorded: RecordedPhase | undefined;
  readonly database: { readonly target: { readonly label: string } };
}

export interface PhasePlanAnswer {
  readonly prepared: Subject;
  readonly column: KeyColumn | undefined;
  readonly settled: {
    readonly losses: readonly Loss[];
    readonly planId: string | undefined;
    readonly verdict: string;
  };
  /** Absent where the answer only asks for a confirmation. */
  readonly rehearsal: PhaseRehearsal | undefined;
  readonly request: RunPhaseRequest;
  readonly call: CallContext;
  readonly fence: Fence;
}

/** What a phase would do: rehearsed, or asked about. */
export function describePhasePlan(answer: PhasePlanAnswer): RunPhaseReport {
  const { prepared, settled, rehearsal, fence, call } = answer;
  const { planId, losses, verdict } = settled;
  const asks = verdict === "confirmation_required";
  const failed = rehearsal?.error !== undefined;
  const lost = losses.length === 0 ? "" : ` ${summarizeLosses(losses, fence)}`;
  const what =
    rehearsal === undefined
      ? `${nameOf(prepared)} was not run: it waits for a confirmation.`
      : failed
        ? `${nameOf(prepared)} would fail. Nothing was kept.`
        : `${summarizeRehearsal(answer, rehearsal)} Nothing was kept.`;
  return {
    summary: `${what}${lost}`,
    ...placeOf(prepared),
    status: failed ? "failed" : rehearsal === undefined ? "confirmation_required" : "rehearsed",
    ...(planId === undefined || failed ? {} : { plan_id: planId }),
    ...(rehearsal === undefined || failed ? {} : rowsOf(rehearsal, fence)),
    ...(rehearsal === undefined || failed
      ? {}
      : describePhaseUndo(prepared.planned, rehearsal.wayBack, fence)),
    ...(failed ? { failure: failureOf(prepared, rehearsal.error, fence) } : {}),
    ...describeLosses(losses, fence, call.answerSize),
    ...warningsOf(answer),
    next_steps: failed
      ? ["Correct the SQL and rehearse again."]
      : [
          `Call run_phase with the same arguments${asks ? ` and confirm: "${planId ?? ""}"` : " without dry_run"} to run it.${asks ? " Ask your user first." : ""}`,
        ],
  };
}

function summarizeRehearsal({ prepared, column }: PhasePlanAnswer, rehearsal: PhaseRehearsal): string {
  const { batch } = prepared.planned;
  const changed = count(rehearsal.rowsAffected, "row");
  if (batch === undefined || column === undefined)
    return `${nameOf(prepared)} would change ${changed} in one transaction of ${rehearsal.durationMs} ms.`;
  if (rehearsal.range === undefined) return `${nameOf(prepared)} has no rows left to do.`;
  const { batchSize, pauseMs } = batch.batching;
  const left = Math.max(0, column.rows - (prepared.recorded?.progress?.rowsDone ?? 0));
  const batches = Math.ceil(left / batchSize);
  const seconds = Math.round((batches * (rehearsal.durationMs + pauseMs)) / 1000);
  const time = seconds === 0 ? "less than a second" : `some ${count(seconds, "second")}`;
  const about = column.isEstimate ? "about " : "";
  return `${nameOf(prepared)} would take about ${count(batches, "batch")} for ${about}${count(left, "row")}, ${time}; its next batch of ${count(rehearsal.range.rows, "row")} changed ${changed} in ${rehearsal.durationMs} ms.`;
}

function warningsOf({ prepared, column, rehearsal }: PhasePlanAnswer): Pick<RunPhaseReport, "warnings"> {
  const batch = prepared.planned.batch;
  const budgetMs = batch?.batching.budgetMs ?? 0;
  const range = rehearsal?.range;
  const ofKeyTable = rehearsal?.tables.find(
    ({ table }) => table === `${column?.key.schema ?? ""}.${column?.key.table ?? ""}`,
  );
  const touched = (ofKeyTable?.updated ?? 0) + (ofKeyTable?.deleted ?? 0);
  const warnings = [
    ...(column === undefined || column.isIndexed || column.rows < 1000
      ? []
      : ["No index leads with the key, so that every batch reads the whole table: create one first."]),
    ...(range !== undefined && touched > range.rows
      ? [
          `The batch has ${range.rows} rows of the key's table and changed ${touched} of it: see that the statement keeps to :from and :to, and what triggers do.`,
        ]
      : []),
    ...(range !== undefined && (rehearsal?.durationMs ?? 0) > budgetMs * 0.4
      ? [
          `The batch took a large part of its budget of ${budgetMs} ms: batches will shrink to ${smallerBatch(range.rows)} rows or fewer.`,
        ]
      : []),
  ];
  return warnings.length === 0 ? {} : { warnings };
}

export interface PhaseAnswer {
  readonly prepared: Subject;
  readonly end: PhaseEnd;
  readonly durationMs: number;
}

/** How running a phase ended. */
export function describePhaseEnd({ prepared, end, durationMs }: PhaseAnswer, fence: Fence): RunPhaseReport {
  const place = placeOf(prepared);
  const name = nameOf(prepared);
  switch (end.kind) {
    case "already_completed":
      return { summary: `${name} is completed already. Nothing was changed.`, ...place, status: end.kind };
    case "running_elsewhere":
      return {
        summary: `${name} is being run by another session. Nothing was changed by this call.`,
        ...place,
        status: end.kind,
        ...progressOf(prepared.recorded?.progress, fence),
        next_steps: [
          `Call run_phase {phase: "${prepared.planned.source.number}"} again in a minute: it goes on if the other session has stopped.`,
        ],
      };
    case "completed":
      return {
        summary: `${name} is completed: ${count(end.done.rowsAffected, "row")} changed${inBatches(end.done)}.`,
        ...place,
        status: end.kind,
        ...doneOf(end.done, fence),
        ...describePhaseUndo(prepared.planned, end.done.wayBack, fence),
        duration_ms: durationMs,
        ...(end.hasLateRows
          ? {
              warnings: [
                "Rows were added while it ran, beyond the last key that it began with or without a key: they were not touched. If they need it, run a new phase for them.",
              ],
            }
          : {}),
        next_steps: ["Call run_phase without arguments to see all phases.", ...adviseUndo(prepared.planned)],
      };
    case "in_progress":
      return {
        summary: `${name} goes on: ${describeProgress(end.done.progress)}. The time of this call is up; what is done is kept.`,
        ...place,
        status: end.kind,
        ...doneOf(end.done, fence),
        duration_ms: durationMs,
        next_steps: [
          `Call run_phase {phase: "${prepared.planned.source.number}"} again until its status is completed.`,
        ],
      };
    case "failed":
      return describeFailedEnd({ prepared, end, durationMs }, fence);
  }
}

function describeFailedEnd(
  {
    prepared,
    end,
    durationMs,
  }: {
    readonly prepared: Subject;
    readonly end: Extract<PhaseEnd, { kind: "failed" }>;
    readonly durationMs: number;
  },
  fence: Fence,
): RunPhaseReport {
  const { done, error } = end;
  const batches = done?.progress?.batches ?? 0;
  const kept =
    done === undefined || batches === 0
      ? "Nothing was kept."
      : `${describeProgress(done.progress)} are done and kept; the failed batch is rolled back.`;
  const { number } = prepared.planned.source;
  const failure = failureOf(prepared, error, fence);
  return {
    summary: `${nameOf(prepared)} stopped. ${kept}`,
    ...placeOf(prepared),
    status: "failed",
    ...(done === undefined ? {} : doneOf(done, fence)),
    duration_ms: durationMs,
    failure:
      batches === 0 ? failure : { ...failure, hint: "The batches before it are kept; see next_steps." },
    next_steps: [
      batches === 0
        ? `Correct the cause, or the SQL in ${prepared.file}, and call run_phase {phase: "${number}"} again.`
        : `Correct the rows that the message names and call run_phase {phase: "${number}"} again: it goes on behind the last batch. Other SQL needs a new number.`,
    ],
  };
}

/** What failed; on a COMMIT, a lost connection or outside any statement there is no place in the SQL. */
function failureOf(prepared: Subject, error: unknown, fence: Fence): FailureReport {
  const { migration, source } = prepared.planned;
  const isStatement = error instanceof StatementFailure;
  const cause = isStatement ? error.cause : error;
  const statement = isStatement ? error.statement : undefined;
  if (!(cause instanceof DatabaseError) && !(cause instanceof EngineError)) throw error;
  const { version: _, ...failure } = describeFailure(
    cause,
    { migration: { version: migration.version, sql: source.sql }, file: prepared.file, statement },
    fence,
  );
  return failure;
}

function doneOf(done: PhaseDone, fence: Fence): Partial<RunPhaseReport> {
  return { ...progressOf(done.progress, fence), ...rowsOf(done, fence) };
}

function rowsOf(
  { rowsAffected, tables }: Pick<PhaseDone, "rowsAffected" | "tables">,
  fence: Fence,
): Partial<RunPhaseReport> {
  const shown = tables.slice(0, 50).map((rows) => describeTableRows(rows, fence));
  return { rows_affected: rowsAffected, ...(shown.length === 0 ? {} : { tables: shown }) };
}

function progressOf(
  progress: PhaseProgress | undefined,
  fence: Fence,
): { readonly progress?: PhaseProgressReport } {
  if (progress === undefined) return {};
  const { batches, rowsDone, rowsTotal, mark, batchSize } = progress;
  return {
    progress: {
      batches,
      rows_done: rowsDone,
      rows_total: rowsTotal,
      ...(mark === null ? {} : { done_to: fence.wrapName(mark) }),
      batch_size: batchSize,
    },
  };
}

function describeProgress(progress: PhaseProgress | undefined): string {
  if (progress === undefined) return "nothing";
  return `${count(progress.batches, "batch")}, ${progress.rowsDone} of about ${count(progress.rowsTotal, "row")}`;
}

function inBatches({ progress }: PhaseDone): string {
  return progress === undefined ? " in one transaction" : ` in ${count(progress.batches, "batch")}`;
}

function placeOf({ planned, file, database }: Subject): Pick<RunPhaseReport, "target" | "phase" | "file"> {
  return { target: database.target.label, phase: planned.source.number, file };
}

function nameOf({ planned: { source } }: Subject): string {
  return `Phase ${source.number} ${source.name}`;
}

function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun.endsWith("ch") ? `${noun}es` : `${noun}s`}`;
}
