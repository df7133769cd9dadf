import type { Severity } from "./finding.ts";

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

/** One assertion by its place in the spec. */
export type CheckPlace = Pick<CheckResult, "check" | "what" | "line">;

/** What became of one access check when the project's HTTP API was asked, too. */
export type HttpResult =
  | { readonly kind: "same" }
  /** Told in words; those of `overHttp` and `inSql` may hold text of the server. */
  | {
      readonly kind: "shows_more" | "shows_less";
      readonly at: CheckPlace;
      readonly overHttp: string;
      readonly inSql: string;
    }
  | { readonly kind: "unanswered"; readonly at: CheckPlace; readonly why: string }
  | { readonly kind: "unasked"; readonly why: string }
  /** The API had said that it rolls back, and did not say so of this write. */
  | { readonly kind: "kept"; readonly at: CheckPlace };

/** One thing worth telling about the HTTP API; docs/findings.md explains the codes. */
export interface ApiFinding {
  readonly code:
    | "http_shows_more"
    | "http_shows_less"
    | "http_unanswered"
    | "http_not_asked"
    | "http_kept_write";
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  readonly file?: string;
  readonly line?: number;
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
  /** Access checks that the project's HTTP API was asked, too, and how many of them it answered as SQL did. */
  readonly http?: { readonly asked: number; readonly agreed: number };
  /** What the HTTP API answered otherwise, or was not asked. */
  readonly findings?: readonly ApiFinding[];
  readonly findings_left_out?: number;
  readonly next_cursor?: string;
  readonly warnings?: readonly string[];
  readonly next_steps?: readonly string[];
}
