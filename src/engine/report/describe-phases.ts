import { phasesFolderName } from "../files/phases-folder.ts";
import type { FoundPhase, RecordedPhase } from "../model/phase.ts";
import type { PhaseRow, RunPhaseReport } from "../model/phase-report.ts";
import type { PhaseFile } from "../ports.ts";
import type { Fence } from "./fence.ts";
import { countFitting } from "./page.ts";

/** Characters of phases in one answer that is not whole. */
const phaseCharacters = 6_000;

export interface PhaseList {
  readonly target: string;
  readonly folder: string;
  readonly files: readonly PhaseFile[];
  /** Oldest first; of one number the last counts. */
  readonly recorded: readonly RecordedPhase[];
  readonly found: readonly FoundPhase[];
  readonly isWhole: boolean;
}

/** All phases in the order of their numbers, and what to do next. */
export function describePhases(list: PhaseList, fence: Fence): RunPhaseReport {
  const { target, found, isWhole } = list;
  const rows = [...ownRows(list, fence), ...found.map((phase) => foundRow(phase, fence))]
    .toSorted(byNumber)
    .map(({ row }) => row);
  const counts = countStates(rows);
  return {
    summary:
      rows.length === 0
        ? `No phases: ${list.folder}/${phasesFolderName} has no files and nothing is recorded.`
        : `${counts}.`,
    target,
    status: "listed",
    ...cut(rows, isWhole),
    next_steps: adviseOnList(rows),
  };
}

export interface Adoption {
  readonly target: string;
  readonly found: readonly FoundPhase[];
  readonly planId: string;
  readonly isDone: boolean;
  readonly isWhole: boolean;
}

/** What adopting would do or has done. */
export function describeAdoption(
  { target, found, planId, isDone, isWhole }: Adoption,
  fence: Fence,
): RunPhaseReport {
  if (found.length === 0)
    return {
      summary: "There is nothing to adopt: no other table records phases that Godwit's does not.",
      target,
      status: "adopted",
    };
  const tables = [...new Set(found.map(({ table }) => fence.wrapName(table)))].join(", ");
  const many = `${found.length} ${found.length === 1 ? "phase" : "phases"}`;
  const rows = found
    .map((phase) => foundRow(phase, fence))
    .toSorted(byNumber)
    .map(({ row }) => row);
  if (isDone)
    return {
      summary: `Adopted ${many} of ${tables}; that table was left as it is, and each whole row is kept.`,
      target,
      status: "adopted",
      next_steps: ["Call run_phase without arguments to see all phases."],
    };
  return {
    summary: `${many} of ${tables} would be recorded by Godwit too, each with its whole row; that table is left as it is. Nothing was changed.`,
    target,
    status: "confirmation_required",
    plan_id: planId,
    ...cut(rows, isWhole),
    next_steps: [`Call run_phase with adopt: true and confirm: "${planId}" to do this. Ask your user first.`],
  };
}

/** A row, and the number by which it is sorted: what is shown of it may be fenced. */
interface NumberedRow {
  readonly number: string;
  readonly row: PhaseRow;
}

function ownRows({ files, recorded, folder }: PhaseList, fence: Fence): readonly NumberedRow[] {
  const newest = new Map(recorded.map((phase) => [phase.number, phase]));
  const ofFiles = files.map(({ number, name, fileName }): NumberedRow => {
    const phase = newest.get(number);
    const file = `${folder}/${phasesFolderName}/${fileName}`;
    if (phase === undefined) return { number, row: { phase: number, name, state: "pending", file } };
    return { number, row: { ...recordedRow(phase, fence), file } };
  });
  const inFolder = new Set(files.map(({ number }) => number));
  const others = [...newest.values()].filter(({ number }) => !inFolder.has(number));
  return [...ofFiles, ...others.map((phase) => ({ number: phase.number, row: recordedRow(phase, fence) }))];
}

function recordedRow(phase: RecordedPhase, fence: Fence): PhaseRow {
  const { status, progress, adoptedFrom, errorMessage, rowsAffected, completedAt } = phase;
  const done =
    progress === undefined
      ? ""
      : `${progress.batches} ${progress.batches === 1 ? "batch" : "batches"}, ${progress.rowsDone} of ${progress.rowsTotal} rows`;
  const notes = [
    status === "completed" ? "" : done,
    errorMessage === undefined ? "" : fence.wrap(errorMessage.slice(0, 300)),
    adoptedFrom === undefined ? "" : `adopted from ${fence.wrapName(adoptedFrom.table)}`,
  ].filter((note) => note !== "");
  return {
    phase: fence.wrapName(phase.number),
    name: fence.wrapName(phase.name),
    state: status === "pending" ? (phase.startedAt === undefined ? "pending" : "in_progress") : status,
    ...(rowsAffected === undefined ? {} : { rows_affected: rowsAffected }),
    ...(status !== "completed" || completedAt === undefined ? {} : { completed_at: completedAt }),
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
  };
}

function foundRow({ number, name, state, table }: FoundPhase, fence: Fence): NumberedRow {
  const note = `${fence.wrapName(state)} in ${fence.wrapName(table)}`;
  return {
    number,
    row: { phase: fence.wrapName(number), name: fence.wrapName(name), state: "not_adopted", note },
  };
}

function byNumber(a: NumberedRow, b: NumberedRow): number {
  return a.number.localeCompare(b.number, "en", { numeric: true });
}

function cut(
  rows: readonly PhaseRow[],
  isWhole: boolean,
): Pick<RunPhaseReport, "phases" | "phases_left_out"> {
  const fitting = isWhole ? rows.length : countFitting(rows, phaseCharacters);
  const left = rows.length - fitting;
  // What is not done yet stands at the end.
  return { phases: rows.slice(left), ...(left === 0 ? {} : { phases_left_out: left }) };
}

function countStates(rows: readonly PhaseRow[]): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state.replaceAll("_", " ")}`).join(", ");
}

function adviseOnList(rows: readonly PhaseRow[]): readonly string[] {
  const next =
    rows.find(({ state }) => state === "in_progress" || state === "error") ??
    rows.find(({ state }) => state === "pending");
  const canAdopt = rows.some(({ state }) => state === "not_adopted");
  return [
    ...(next?.file === undefined
      ? []
      : [
          `Call run_phase {phase: "${next.phase}", dry_run: true} to rehearse ${next.state === "pending" ? "it" : "how it goes on"}.`,
        ]),
    ...(canAdopt
      ? ["Call run_phase {adopt: true} to let Godwit record the phases of the other table too."]
      : []),
    ...(rows.length === 0
      ? [
          'Call run_phase {phase: "1.1_name", query: "…"} with the SQL of the first one; with key it runs in batches.',
        ]
      : []),
  ];
}
