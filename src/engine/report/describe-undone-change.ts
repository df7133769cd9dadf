import type { ReconcileHistoryReport, ReconcileStepRow } from "../model/reconcile-report.ts";
import type { UnfinishedChange } from "../ports.ts";
import { countFitting } from "./page.ts";

const stepCharacters = 5_000;

interface UndoneChange {
  readonly status: ReconcileHistoryReport["status"];
  readonly target: string;
  readonly folder: string;
  readonly planId: string;
  readonly runId: string;
  readonly change: UnfinishedChange;
  readonly isWhole: boolean;
}

/** Which files return and which go where a change that was cut off is taken back without its database. */
export function describeUndoneChange({
  status,
  target,
  folder,
  planId,
  runId,
  change,
  isWhole,
}: UndoneChange): ReconcileHistoryReport {
  const steps = [
    ...change.moved.map(({ path }) => step("put_back", path, "where it was before the change")),
    ...change.added.map(({ path }) =>
      step("take_away", path, "the change wrote it; where somebody has written there since, that stays"),
    ),
  ];
  const shown = isWhole ? steps.length : countFitting(steps, stepCharacters);
  return {
    summary: summarize(status, change),
    status,
    target,
    folder,
    plan_id: planId,
    counts: { put_back: change.moved.length, take_away: change.added.length },
    steps: steps.slice(0, shown),
    ...(shown < steps.length ? { steps_left_out: steps.length - shown } : {}),
    ...(status === "carried_out"
      ? {}
      : {
          warnings: [
            `Only where the database of ${change.target} is gone: where it is there and recorded the change, files and history part by this. Let no other program change the folder meanwhile.`,
          ],
        }),
    next_steps: [
      status === "carried_out"
        ? "reconcile_history {} plans how files and this database's history come to agree."
        : `reconcile_history { actions: ["undo_change ${runId}"] } with confirm: "${planId}" carries out exactly this.`,
    ],
  };
}

function step(action: string, path: string, why: string): ReconcileStepRow {
  const fileName = path.split("/").at(-1) ?? path;
  return { action, version: /^[0-9]+(?=_)/.exec(fileName)?.[0] ?? "", file: path, why };
}

function summarize(status: UndoneChange["status"], { begunAt, moved, added }: UnfinishedChange): string {
  const counts = `${moved.length} ${moved.length === 1 ? "file" : "files"} back, ${added.length} that it wrote away`;
  return status === "carried_out"
    ? `The change of ${begunAt} that was cut off is undone: ${counts}; no row was touched.`
    : `The change of ${begunAt} was cut off, and this database does not know it. To undo it: ${counts}; no row is touched. Nothing was changed yet.`;
}
