import type { FileChange, RowChange } from "../model/history-change.ts";
import type { ReconcileStep } from "../plan/reconcile/reconcile-step.ts";
import { groupBy } from "./group-by.ts";

interface SummaryFacts {
  readonly tool: string;
  readonly target: string;
  readonly by: string;
  readonly at: Date;
  readonly planId: string;
  readonly reason: string | undefined;
  /** Counts in words, before. */
  readonly was: string;
  readonly steps: readonly ReconcileStep[];
}

/** The section of `archive/RECONCILIATION_SUMMARY.md` for one change: what was, what was done and why, where the old rows are. */
export function renderSummary(facts: SummaryFacts): string {
  const { tool, target, by, at, planId, reason, was, steps } = facts;
  const changes = describeChanges(steps);
  return [
    `## ${at.toISOString().slice(0, 19)}Z ${tool} on ${code(target)}`,
    "",
    `- By ${code(by)}, plan ${code(planId)}.`,
    ...(reason === undefined ? [] : [`- Reason: ${plain(reason)}`]),
    `- Before: ${was}.`,
    `- Done: ${changes.length === 0 ? "no file and no row changed" : changes.join(", ")}.`,
    ...whereOldIs(steps).map((sentence) => `- ${sentence}`),
    ...groupBy(steps, ({ action, why }) => JSON.stringify([action, why])).flatMap(describeGroup),
    "",
  ].join("\n");
}

const fileWords: Readonly<Record<FileChange["kind"], string>> = {
  write: "written",
  archive: "archived",
  rename: "renamed",
  restore: "restored",
};

const rowWords: Readonly<Record<RowChange["kind"], string>> = {
  insert: "added",
  update: "changed",
  remove: "taken out",
  remove_copies: "freed of copies",
};

function describeChanges(steps: readonly ReconcileStep[]): readonly string[] {
  const files = steps.flatMap((step) => step.files.map(({ kind }) => `file ${fileWords[kind]}`));
  const rows = steps.flatMap((step) => step.rows.map(({ kind }) => `row ${rowWords[kind]}`));
  const counts = new Map<string, number>();
  for (const change of [...files, ...rows]) counts.set(change, (counts.get(change) ?? 0) + 1);
  return [...counts].map(([change, count]) => {
    const [noun = "", ...verb] = change.split(" ");
    return [count, count === 1 ? noun : `${noun}s`, ...verb].join(" ");
  });
}

function whereOldIs(steps: readonly ReconcileStep[]): readonly string[] {
  const archives = steps.some((step) => step.files.some(({ kind }) => kind === "archive"));
  const replaces = steps.some((step) => step.rows.some(({ kind }) => kind !== "insert"));
  return [
    ...(archives
      ? [`Replaced files are in this folder, each with an entry in ${code("manifest.json")}.`]
      : []),
    ...(replaces
      ? [
          `Replaced rows are in ${code("supabase_migrations.migration_history_archive")}, with the id of this run.`,
        ]
      : []),
  ];
}

function describeGroup(group: readonly ReconcileStep[]): readonly string[] {
  const [first] = group;
  return [
    "",
    `### ${first?.action ?? ""}: ${group.length}`,
    "",
    `${capitalize(plain(first?.why ?? ""))}.`,
    "",
    ...group.map((step) => `- ${describeStep(step)}`),
  ];
}

/** What it was done to, and the version where no name begins with it. */
function describeStep({ version, file, to }: ReconcileStep): string {
  const names = [file, to].filter((name) => name !== undefined);
  const isTold = version === "" || names.some((name) => name.startsWith(`${version}_`));
  return [...(isTold ? [] : [version]), ...names].map(code).join(" → ");
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Recorded names are what their writer chose: they stay one line of code. */
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
