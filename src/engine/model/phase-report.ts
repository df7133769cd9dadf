import type { LossReport } from "./confirmation-report.ts";
import type { TableRowsReport } from "./rehearsal-report.ts";
import type { FailureReport } from "./report.ts";
import type { SpecVerdict } from "./verify-report.ts";

/** One phase in a list. */
export interface PhaseRow {
  readonly phase: string;
  readonly name: string;
  readonly state: "pending" | "in_progress" | "completed" | "error" | "not_adopted";
  readonly file?: string;
  readonly rows_affected?: number;
  readonly completed_at?: string;
  readonly note?: string;
}

/** How far a phase has come. */
export interface PhaseProgressReport {
  readonly batches: number;
  readonly rows_done: number;
  readonly rows_total: number;
  /** The largest key that is done. */
  readonly done_to?: string;
  readonly batch_size: number;
}

/** What `run_phase` answers. */
export interface RunPhaseReport extends LossReport {
  readonly summary: string;
  readonly target: string;
  readonly status:
    | "listed"
    | "completed"
    | "already_completed"
    | "in_progress"
    | "running_elsewhere"
    | "failed"
    | "rehearsed"
    | "confirmation_required"
    | "adopted";
  readonly plan_id?: string;
  readonly phase?: string;
  readonly file?: string;
  readonly progress?: PhaseProgressReport;
  readonly rows_affected?: number;
  /** Rows that really changed, by cascades and triggers too. */
  readonly tables?: readonly TableRowsReport[];
  /** How far the file's rollback block leads back. */
  readonly rollback?: string;
  readonly phases?: readonly PhaseRow[];
  readonly phases_left_out?: number;
  readonly failure?: FailureReport;
  /** What the project's spec came to before the commit. */
  readonly verified?: SpecVerdict;
  readonly duration_ms?: number;
  readonly warnings?: readonly string[];
  readonly next_steps?: readonly string[];
}
