import { needSession, withReader } from "../database/transport.ts";
import { EngineError } from "../errors.ts";
import { foreignRunTable, setAsideRunTable } from "../execute/set-aside-table.ts";
import { readForeignRecords } from "../history/foreign-tables.ts";
import { parseFileName } from "../files/naming.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import type { ReconcileHistoryReport } from "../model/reconcile-report.ts";
import { digestFiles, historyChangeId } from "../plan/history-change-id.ts";
import { digestHistory } from "../plan/plan-id.ts";
import { convertNames, countConvertible } from "../plan/reconcile/convert-names.ts";
import { matchForeign } from "../plan/reconcile/match-foreign.ts";
import { planReconciliation, type DraftedReconciliation } from "../plan/reconcile/plan-reconciliation.ts";
import { readActions, type AskedActions } from "../plan/reconcile/read-actions.ts";
import { restoreArchived } from "../plan/reconcile/restore-archived.ts";
import { adviseNext } from "../report/advice.ts";
import { describeReconcile } from "../report/describe-reconcile.ts";
import { countStates, describeCounts, describeStatuses } from "../report/describe-status.ts";
import { renderSummary } from "../report/reconcile-summary.ts";
import type { CallContext, ReconcileHistoryRequest } from "../requests.ts";
import { assertWritable, newFence, type EngineContext } from "./context.ts";
import { readProject, type Project } from "./read-project.ts";
import { carryOutChange, settleUnfinishedChanges } from "./settle-changes.ts";

/** Plans how files and history come to agree; with `confirm` it carries that plan out, files and rows together or not at all. */
export async function reconcileHistory(
  engine: EngineContext,
  request: ReconcileHistoryRequest,
  call: CallContext,
): Promise<ReconcileHistoryReport> {
  const asked = readActions(request.actions ?? []);
  if (request.confirm !== undefined) assertWritable(engine, "Reconciling");
  return engine.inTurn(async () => {
    const settled = engine.readOnly ? [] : await settleUnfinishedChanges(engine, call);
    const drafted = await draft(engine, { request, asked }, call);
    const { confirm } = request;
    if (confirm === undefined) return describePlan(drafted, settled, call);
    if (confirm !== drafted.plan.id) throw staleConfirm(drafted.plan.id, confirm);
    return carryOut(engine, call, { drafted, settled });
  });
}

interface Drafted extends DraftedReconciliation {
  readonly project: Project;
  readonly plan: HistoryChangePlan;
  readonly warnings: readonly string[];
}

interface Asking {
  readonly request: ReconcileHistoryRequest;
  readonly asked: AskedActions;
}

async function draft(engine: EngineContext, { request, asked }: Asking, call: CallContext): Promise<Drafted> {
  const project = await readProject(engine, call);
  const { database, contents, reconciliation, history } = project;
  const { aside, rows } = await withReader(database, async (session) => ({
    aside: await foreignRunTable(session),
    rows: await readForeignRecords(session),
  }));
  const { steps, choices } = draftSteps({ request, asked, project, rows }, engine.clock.now());
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
  const convertible = asked.convertsNames ? 0 : countConvertible(namingOf(project, engine.clock.now()));
  return {
    project,
    steps,
    choices,
    plan: { formatVersion: 1, id, ...body, summary },
    warnings: [...(aside === undefined ? [] : [asideWarning(aside)]), ...convertWarning(convertible)],
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
  const unrecorded = reconciliation.statuses.flatMap((status) =>
    status.kind === "pending" || status.kind === "out_of_order" ? [status.file] : [],
  );
  return planReconciliation({
    reconciliation,
    asked,
    truth: request.truth,
    reason: request.reason,
    archivedVersions: new Set(contents.archived.flatMap(versionOfPath)),
    foreign: matchForeign(rows, unrecorded),
  });
}

function namingOf({ reconciliation, contents }: Project, today: Date) {
  return { statuses: reconciliation.statuses, strays: contents.strays, today };
}

function versionOfPath(archived: string): readonly string[] {
  const version = parseFileName(archived.split("/").at(-1) ?? "")?.version;
  return version === undefined ? [] : [version];
}

function describePlan(
  drafted: Drafted,
  settled: readonly string[],
  call: CallContext,
): ReconcileHistoryReport {
  const { project, plan, steps, choices, warnings } = drafted;
  const isEmpty = steps.length === 0;
  return describeReconcile(
    {
      status: isEmpty ? "nothing_to_do" : "planned",
      ...placeOf(project),
      planId: isEmpty ? undefined : plan.id,
      steps,
      choices,
      warnings: [...settled, ...warnings],
      nextSteps: [
        ...(isEmpty
          ? []
          : [
              `reconcile_history with the same arguments and confirm: "${plan.id}" carries out exactly this.`,
            ]),
        ...(choices.length === 0
          ? []
          : [
              'Settle a choice with actions: ["…"], one of its options; or all of them with truth: "database" or truth: "files".',
            ]),
      ],
      after: undefined,
      isWhole: call.answerSize === "whole",
    },
    newFence(),
  );
}

async function carryOut(
  engine: EngineContext,
  call: CallContext,
  { drafted, settled }: { readonly drafted: Drafted; readonly settled: readonly string[] },
): Promise<ReconcileHistoryReport> {
  const { project, plan, steps, choices, warnings } = drafted;
  await needSession(project.database, "Changing files and history together").withSession(setAsideRunTable);
  if (steps.length > 0) await carryOutChange(engine, call, { project, plan });
  const { reconciliation, folder } = await readProject(engine, call);
  const fence = newFence();
  const counts = countStates(describeStatuses(reconciliation.statuses, { folder: folder.label, fence }));
  return describeReconcile(
    {
      status: "carried_out",
      ...placeOf(project),
      planId: plan.id,
      steps,
      choices,
      warnings: [...settled, ...warnings],
      nextSteps: adviseNext(counts).next_steps ?? [],
      after: describeCounts(counts),
      isWhole: call.answerSize === "whole",
    },
    fence,
  );
}

function placeOf({ database, folder }: Project): { readonly target: string; readonly folder: string } {
  return { target: database.target.label, folder: folder.label };
}

function asideWarning(name: string): string {
  return `supabase_migrations.migration_history is another program's table; carrying out renames it to ${name} and makes Godwit's own.`;
}

function convertWarning(count: number): readonly string[] {
  if (count === 0) return [];
  const what = count === 1 ? "1 version is" : `${count} versions are`;
  return [
    `${what} no real instant; actions: ["convert_names"] plans new ones in the same order, and nothing else.`,
  ];
}

function staleConfirm(id: string, given: string): EngineError {
  return new EngineError(
    "plan_is_stale",
    `The plan is ${id} by now, not ${JSON.stringify(given.slice(0, 80))}: files, history or arguments have changed.`,
    {
      hint: "Call reconcile_history with the same arguments and without confirm to see the plan as it is now.",
    },
  );
}
