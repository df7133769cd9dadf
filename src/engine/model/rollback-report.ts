import type { LossReport } from "./confirmation-report.ts";

export interface RolledBackRow {
  readonly version: string;
  readonly name: string;
  /** ISO 8601, UTC; the server's clock. */
  readonly applied_at: string;
  /** How far the way back leads: the verdict, a colon, and what that means here. */
  readonly rollback: string;
  /** What undoes it; absent where nothing has to be undone, and cut where it is long. */
  readonly sql?: string;
  readonly statements?: number;
  readonly rows_affected?: number;
  readonly duration_ms?: number;
}

export interface RollbackMigrationReport extends LossReport {
  readonly summary: string;
  readonly warnings?: readonly string[];
  readonly next_steps?: readonly string[];
  readonly target: string;
  readonly status:
    | "rolled_back"
    | "planned"
    /** Nothing was done: what the plan takes away needs a yes first. */
    | "confirmation_required"
    /** Nothing was done: it was applied too long ago. */
    | "window_closed"
    | "nothing_to_roll_back";
  readonly plan_id?: string;
  /** In the order of undoing: the newest first. */
  readonly migrations: readonly RolledBackRow[];
}
