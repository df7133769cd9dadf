import type { Finding } from "../model/finding.ts";
import type { MigrationState } from "../model/reconciliation.ts";

/** How many migrations are in each state. */
export type Counts = Readonly<Partial<Record<MigrationState, number>>>;

const drifting: readonly MigrationState[] = [
  "incomplete",
  "out_of_order",
  "missing_file",
  "renumbered",
  "renamed",
  "edited",
  "duplicate_version",
];

/** The call that comes before all others where a change of files and history was cut off. */
export function adviseUnfinished(findings: readonly Pick<Finding, "code">[]): readonly string[] {
  return findings.some(({ code }) => code === "unfinished_change")
    ? ["reconcile_history {} first finishes or undoes the change that was cut off."]
    : [];
}

/** The next calls that the states of a project, and what was found about its files, ask for; after what comes first. */
export function adviseNext(
  counts: Counts,
  findings: readonly Pick<Finding, "code">[] = [],
  first: readonly string[] = [],
): { readonly next_steps?: readonly string[] } {
  const steps = [...adviseUnfinished(findings), ...first];
  if ((counts.incomplete ?? 0) > 0) {
    steps.push("apply_migration {} goes on with the migration that stopped half-way.");
  }
  if (hasDrift(counts)) {
    steps.push("detect_drift {} tells what differs and how to mend it.");
    steps.push("reconcile_history {} plans how files and history come to agree, and changes nothing yet.");
  }
  if ((counts.pending ?? 0) > 0) {
    steps.push(
      "apply_migration { dry_run: true } rehearses the pending files; without dry_run it applies them.",
    );
  }
  if (Object.keys(counts).length === 0 && steps.length === 0)
    steps.push("create_migration writes the first migration.");
  return steps.length === 0 ? {} : { next_steps: steps };
}

/** True where files and history differ in a way that is not a pending migration. */
export function hasDrift(counts: Counts): boolean {
  return drifting.some((state) => (counts[state] ?? 0) > 0);
}
