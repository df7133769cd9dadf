import type { PlannedPhase } from "../model/phase.ts";
import type { RunPhaseReport } from "../model/phase-report.ts";
import type { Rollback } from "../model/rollback.ts";
import { describeUndo } from "./describe-undo.ts";
import type { Fence } from "./fence.ts";

/** How far a phase's own rollback block leads back; nothing where it has none. */
export function describePhaseUndo(
  { source, batch }: PlannedPhase,
  wayBack: Rollback | undefined,
  fence: Fence,
): Pick<RunPhaseReport, "rollback"> {
  if (source.rollbackSql === undefined) return {};
  if (wayBack !== undefined) return { rollback: describeUndo(wayBack, fence) };
  const why =
    batch === undefined
      ? "this server keeps no way back (--rollback-window-hours 0)"
      : "its batches are committed one by one";
  return { rollback: `unproven: its rollback block was not tried, because ${why}.` };
}

/** How a completed phase is undone: its rollback block is a phase like any other, rehearsed, asked about and recorded. */
export function adviseUndo({ source }: PlannedPhase): readonly string[] {
  if (source.rollbackSql === undefined) return [];
  const { number, name } = source;
  return [
    `To undo it, run its rollback block as a phase of its own: run_phase {phase: "${number}-undo_${name}", query: "…", dry_run: true}.`,
  ];
}
