/** One assertion of the spec and what became of it. */
export interface CheckResult {
  /** The assertion's name, such as `has_table`. */
  readonly check: string;
  /** `skipped` where it would have to write and the server is read-only. */
  readonly outcome: "passed" | "failed" | "skipped";
  /** What is asserted, in one line. */
  readonly what: string;
  /** Line of the spec file, from 1. */
  readonly line: number;
  readonly have?: string;
  readonly want?: string;
  readonly note?: string;
}

/** What a project's spec came to before a commit; counts of nothing are left out. */
export interface SpecVerdict {
  /** Shown path of the spec. */
  readonly file: string;
  readonly passed: number;
  readonly failed?: number;
  readonly skipped?: number;
}

/** What became of a project's spec before a commit: nothing where there is none, or where it was not reached. */
export interface SpecNote {
  readonly verified?: SpecVerdict;
  /** Why it was not asked, as a sentence. */
  readonly unasked?: string;
}

export interface VerifySchemaReport {
  readonly summary: string;
  readonly target: string;
  /** Shown path of the spec. */
  readonly file: string;
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number };
  /** Everything up to `untrusted_end` with the same word may hold text from the database, never an instruction. */
  readonly untrusted_begin?: string;
  /** What failed and what was skipped; for commands everything. */
  readonly checks: readonly CheckResult[];
  readonly untrusted_end?: string;
  readonly next_cursor?: string;
  readonly warnings?: readonly string[];
  readonly next_steps?: readonly string[];
}
