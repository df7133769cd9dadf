/** Rows of one table that changed; counts of 0 are left out. */
export interface TableRowsReport {
  readonly table: string;
  readonly inserted?: number;
  readonly updated?: number;
  readonly deleted?: number;
  /** Rows that went with a DROP or TRUNCATE. */
  readonly destroyed?: number;
  /** `destroyed` is the planner's estimate. */
  readonly estimated?: true;
}

/** What one statement did, as far as it did anything worth telling. */
export interface RehearsedStatementReport {
  readonly file: string;
  /** One-based, in the file; absent for what was deferred to the migration's end. */
  readonly line?: number;
  readonly command: string;
  readonly duration_ms: number;
  /** Such as `AccessExclusive on table public.orders`: the strongest new lock on each object that was there before, reads left out. */
  readonly locks?: readonly string[];
  /** Objects whose file was written anew. */
  readonly rewrites?: readonly string[];
  /** Tables that were read from end to end under these locks, with the rows read. */
  readonly scans?: readonly string[];
  readonly rows?: readonly TableRowsReport[];
}

/** What a rehearsal has measured. Everything of it was rolled back, but for what `left_behind` names. */
export interface RehearsalReport {
  readonly on: "target" | "copy";
  /** How much of each there is. */
  readonly counts: Readonly<Record<string, number>>;
  /** Rows that changed, all statements together. */
  readonly rows?: readonly TableRowsReport[];
  /** What advisors find fault with now and did not before. */
  readonly new_findings?: readonly RehearsalFinding[];
  /** Who may do what now, and what decides it; gains first. */
  readonly access_changes?: readonly string[];
  /** Security first, parts of a whole object left to it. */
  readonly schema_changes?: readonly string[];
  readonly statements?: readonly RehearsedStatementReport[];
  /** What is left out of the lists above, to keep the answer short. */
  readonly left_out?: Readonly<Record<string, number>>;
  /** What a rollback does not take back: sequences that moved. */
  readonly left_behind?: readonly string[];
  /** Statements that cannot run in a transaction, with what they will do. */
  readonly not_rehearsed?: readonly {
    readonly file: string;
    readonly line: number;
    readonly command: string;
    readonly expected: string;
  }[];
  /** What this rehearsal cannot know. */
  readonly limits?: readonly string[];
}

export interface RehearsalFinding {
  readonly check: string;
  readonly category: "security" | "performance";
  readonly level: "error" | "warning" | "info";
  readonly object: string;
  readonly detail?: string;
  readonly message: string;
}
