import type { ReconcileStep } from "../plan/reconcile/reconcile-step.ts";

interface SummaryFacts {
  readonly tool: string;
  readonly target: string;
  readonly by: string;
  readonly at: Date;
  readonly planId: string;
  readonly reason: string | undefined;
  /** Counts in words, before and after. */
  readonly was: string;
  readonly steps: readonly ReconcileStep[];
}

/** The section of `archive/RECONCILIATION_SUMMARY.md` for one change: what was, what was done and why, where the old rows are. */
export function renderSummary(facts: SummaryFacts): string {
  const { tool, target, by, at, planId, reason, was, steps } = facts;
  return [
    `## ${at.toISOString().slice(0, 19)}Z ${tool} on ${code(target)}`,
    "",
    `- By ${code(by)}, plan ${code(planId)}.`,
    ...(reason === undefined ? [] : [`- Reason: ${plain(reason)}`]),
    `- Before: ${was}.`,
    `- Steps: ${steps.length}. Files that were replaced are in this folder with an entry in manifest.json; rows that were replaced are in ${code("supabase_migrations.migration_history_archive")}, with this run's id.`,
    "",
    "| action | version | file | to | why |",
    "|---|---|---|---|---|",
    ...steps.map(
      ({ action, version, file, to, why }) =>
        `| ${action} | ${cell(version)} | ${cell(file)} | ${cell(to)} | ${plain(why)} |`,
    ),
    "",
  ].join("\n");
}

function cell(text: string | undefined): string {
  return text === undefined || text === "" ? "" : code(text);
}

/** Recorded names are what their writer chose: they stay one line of code in one cell. */
function code(text: string): string {
  return `\`${plain(text).replaceAll("`", "'")}\``;
}

function plain(text: string): string {
  return text
    .replace(/[\s\p{C}]+/gu, " ")
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .slice(0, 300);
}
