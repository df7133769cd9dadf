import { readFrom } from "../database/transport.ts";
import { foreignRunTable } from "../execute/set-aside-table.ts";
import { parseFileName } from "../files/naming.ts";
import { readForeignRecords } from "../history/foreign-tables.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import { digestFiles, historyChangeId } from "../plan/history-change-id.ts";
import { digestHistory } from "../plan/plan-id.ts";
import { convertNames, countConvertible } from "../plan/reconcile/convert-names.ts";
import { matchForeign } from "../plan/reconcile/match-foreign.ts";
import { planReconciliation, type DraftedReconciliation } from "../plan/reconcile/plan-reconciliation.ts";
import type { AskedActions } from "../plan/reconcile/read-actions.ts";
import type { ReconcileStep } from "../plan/reconcile/reconcile-step.ts";
import { restoreArchived } from "../plan/reconcile/restore-archived.ts";
import type { FolderContents } from "../ports.ts";
import { countStates, describeCounts, describeStatuses } from "../report/describe-status.ts";
import { renderSummary } from "../report/reconcile-summary.ts";
import { warnOfMissingFolder } from "../report/warn-of-folder.ts";
import type { CallContext, ReconcileHistoryRequest } from "../requests.ts";
import { newFence, type EngineContext } from "./context.ts";
import { readProject, type Project } from "./read-project.ts";

/** A plan of reconciling with all that it was made from. */
export interface Drafted extends DraftedReconciliation {
  readonly project: Project;
  readonly plan: HistoryChangePlan;
  readonly warnings: readonly string[];
}

/** What the caller wants, and the same as read. */
export interface Asking {
  readonly request: ReconcileHistoryRequest;
  readonly asked: AskedActions;
}

/** Reads files, history and other tools' records, and plans how they come to agree. Throws as `planReconciliation`. */
export async function draftReconciliation(
  engine: EngineContext,
  { request, asked }: Asking,
  call: CallContext,
): Promise<Drafted> {
  const project = await readProject(engine, call);
  const { database, contents, reconciliation, history } = project;
  const { aside, rows } = await readFrom(database, async (session) => ({
    aside: await foreignRunTable(session),
    rows: await readForeignRecords(session),
  }));
  const { steps: ownSteps, choices } = draftSteps({ request, asked, project, rows }, engine.clock.now());
  const steps = [...(aside === undefined ? [] : [setAside(aside)]), ...ownSteps];
  const body = {
    purpose: "reconcile",
    target: database.target.id,
    expectsHistory: digestHistory(history),
    expectsFiles: digestFiles(contents.files),
    files: steps.flatMap(({ files }) => files),
    rows: steps.flatMap((step) => step.rows),
  } as const;
  const id = historyChangeId(body);
  const summary = renderSummary({
    tool: "reconcile_history",
    target: database.target.label,
    by: call.appliedBy ?? "godwit",
    at: engine.clock.now(),
    planId: id,
    reason: request.reason,
    was: describeCounts(
      countStates(describeStatuses(reconciliation.statuses, { folder: "", fence: newFence() })),
    ),
    steps,
  });
  return {
    project,
    steps,
    choices,
    plan: { formatVersion: 1, id, ...body, summary },
    warnings: [
      ...warnOfMissingFolder(project.contents.findings),
      ...(asked.convertsNames
        ? [...warnOfForeign(foreignOf(project, rows)), ...warnOfSplitting(steps)]
        : warnOfNames(project, engine.clock.now(), renamedBy(steps))),
    ],
  };
}

interface Question extends Asking {
  readonly project: Project;
  readonly rows: Parameters<typeof matchForeign>[0];
}

/** Conversion and restoring change names that everything else is judged by, so each is a plan of its own. */
function draftSteps({ request, asked, project, rows }: Question, now: Date): DraftedReconciliation {
  const { reconciliation, contents } = project;
  if (asked.convertsNames) return { steps: convertNames(namingOf(project, now)), choices: [] };
  if (asked.restored.length > 0) {
    return { steps: restoreArchived(asked.restored, contents.archiveEntries), choices: [] };
  }
  return planReconciliation({
    reconciliation,
    asked,
    truth: request.truth,
    reason: request.reason,
    archivedVersions: archivedVersionsOf(contents),
    foreign: foreignOf(project, rows),
  });
}

/** The files without an entry that another tool's table records as run, with the table's name. */
function foreignOf({ reconciliation }: Project, rows: Question["rows"]): ReadonlyMap<string, string> {
  const unrecorded = reconciliation.statuses.flatMap((status) =>
    status.kind === "pending" || status.kind === "out_of_order" ? [status.file] : [],
  );
  return matchForeign(rows, unrecorded);
}

/** Files get other names by a conversion, and a table of numbers then says nothing of them. */
function warnOfForeign(foreign: ReadonlyMap<string, string>): readonly string[] {
  if (foreign.size === 0) return [];
  const [table = ""] = foreign.values();
  const what = foreign.size === 1 ? "1 file is" : `${foreign.size} files are`;
  return [
    `${what} recorded as run in ${newFence().wrapName(table)}: reconcile_history {} comes first and takes that over; under new names it may not be found any more.`,
  ];
}

function namingOf({ reconciliation, contents }: Project, today: Date) {
  const { strays, inSubfolders } = contents;
  return { statuses: reconciliation.statuses, strays, inSubfolders, today };
}

/** The versions of the files in `archive/` and other folders below the migrations. */
export function archivedVersionsOf({ archived, inSubfolders }: FolderContents): ReadonlySet<string> {
  return new Set([...archived, ...inSubfolders].flatMap(versionOfPath));
}

function versionOfPath(archived: string): readonly string[] {
  const version = parseFileName(archived.split("/").at(-1) ?? "")?.version;
  return version === undefined ? [] : [version];
}

/** Done when the tables are made that the plan is carried out with. */
function setAside(name: string): ReconcileStep {
  return {
    action: "set_aside_table",
    version: "",
    why: `supabase_migrations.migration_history is another program's table: it becomes ${name} with all that is in it, and Godwit makes its own`,
    files: [],
    rows: [],
  };
}

/** A row tells no one whether its file was run whole, or only declared done as the Supabase CLI's `migration repair` does. */
function warnOfSplitting(steps: readonly ReconcileStep[]): readonly string[] {
  const count = steps.filter(({ action, rows }) => action === "split_ways" && rows.length > 0).length;
  if (count === 0) return [];
  const what = count === 1 ? "1 file" : `${count} files`;
  return [
    `${what} with the way back inside ${count === 1 ? "is" : "are"} recorded as applied. What was really run whole undid itself: detect_drift {} afterwards shows what the schema then lacks.`,
  ];
}

function renamedBy(steps: readonly ReconcileStep[]): ReadonlySet<string> {
  const changes = steps.flatMap(({ files }) => files);
  return new Set(changes.flatMap((change) => (change.kind === "rename" ? [change.fileName] : [])));
}

/** Says that there are files that are named otherwise than Supabase's or laid out as other tools do, and how they become Supabase's; not of those that a plan renames. */
export function warnOfNames(
  project: Project,
  today: Date,
  renamed: ReadonlySet<string> = new Set(),
): readonly string[] {
  const count = countConvertible(namingOf(project, today), renamed);
  if (count === 0) return [];
  const what = count === 1 ? "1 migration is" : `${count} migrations are`;
  return [
    `${what} not named by a time in UTC, or laid out as another tool does: reconcile_history { actions: ["convert_names"] } plans, on its own, real versions in the same order.`,
  ];
}
