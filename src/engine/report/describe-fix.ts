import type { MigrationStatus } from "../model/reconciliation.ts";
import type { Advice } from "../plan/reconcile/plan-reconciliation.ts";
import type { ReconcileAction } from "../plan/reconcile/reconcile-step.ts";
import type { Fence } from "./fence.ts";

/** The call of reconcile_history that settles one difference, with what it does; undefined where none does. */
export function describeFix(
  { kind }: MigrationStatus,
  { judgement, subject }: Advice,
  fence: Fence,
): string | undefined {
  if (judgement.kind === "nothing") return undefined;
  if (judgement.kind === "act")
    return `reconcile_history {} plans what is certain; here it ${effectOf(kind, judgement.action)}.`;
  const options = judgement.options.filter((action) => action !== "leave");
  const [first, ...others] = options.map((action) => ({
    call: JSON.stringify(`${action} ${callable(subject, fence)}`),
    effect: effectOf(kind, action),
    reason: needsReason.has(action) ? ', reason: "…"' : "",
  }));
  if (first === undefined) return undefined;
  const rest = others.map(({ call, effect, reason }) => `${call}${reason} ${effect}`);
  return `${[`reconcile_history { actions: [${first.call}]${first.reason} } ${first.effect}`, ...rest].join("; ")}.`;
}

/** What an action can call a migration by: its own name where that may be shown as it is, else all of its kind. */
export function callable(subject: string, fence: Fence): string {
  return fence.wrapName(subject) === subject ? subject : "all";
}

const needsReason: ReadonlySet<ReconcileAction> = new Set(["mark_applied", "mark_reverted"] as const);

function effectOf(kind: MigrationStatus["kind"], action: ReconcileAction): string {
  if (action === "renumber_file" && kind === "renumbered") return "gives the file the recorded version";
  if (action === "renumber_row" && kind === "renumbered") return "gives the row the file's version";
  return effects[action];
}

const effects: Readonly<Record<ReconcileAction, string>> = {
  adopt: "writes the file from the recorded SQL",
  placeholder: "keeps the row with a file that says that its SQL is unknown",
  mark_applied: "records the file as applied and runs nothing",
  mark_reverted: "takes the row out of the history",
  renumber_file: "gives the file a version after all applied ones",
  renumber_row: "gives the row a version that a file can have",
  rename_file: "gives the file the recorded name",
  rename_row: "records the file's name",
  restore_file: "puts back what was applied",
  keep_both: "does that and keeps the new statements as a pending migration",
  accept_file: "records the file's SQL as what was applied",
  archive_file: "moves the file to archive/",
  remove_copies: "takes out all rows of the version but one",
  leave: "leaves it",
};
