/** One thing that reconciling does, or did. */
export interface ReconcileStepRow {
  readonly action: string;
  readonly version: string;
  /** Shown name of the file that is written, archived or renamed. */
  readonly file?: string;
  readonly to?: string;
  readonly why: string;
}

/** Differences that only somebody who knows the project can settle. */
export interface ReconcileChoice {
  readonly question: string;
  /** How many migrations it is asked of; `about` names the first of them. */
  readonly count: number;
  readonly about: readonly string[];
  /** Elements for `actions`, one of which settles all of them; a version of `about` in place of `all` settles that one. */
  readonly options: readonly string[];
}

export interface ReconcileHistoryReport {
  readonly summary: string;
  readonly warnings?: readonly string[];
  readonly next_steps?: readonly string[];
  readonly status: "planned" | "confirmation_required" | "carried_out" | "nothing_to_do";
  readonly target: string;
  readonly folder: string;
  /** What `confirm` has to repeat. */
  readonly plan_id?: string;
  /** How many steps of each action. */
  readonly counts: Readonly<Record<string, number>>;
  readonly steps: readonly ReconcileStepRow[];
  readonly steps_left_out?: number;
  readonly next_cursor?: string;
  readonly choices?: readonly ReconcileChoice[];
  /** The report in `archive/` that tells all of it. */
  readonly report?: string;
}
