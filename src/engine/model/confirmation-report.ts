import type { Severity } from "./finding.ts";

/** One loss, as callers are told it. */
export interface LossRow {
  /** Kind and name, such as `table public.orders`. */
  readonly object: string;
  readonly change: "dropped" | "emptied" | "deleted" | "overwritten" | "converted" | "unprotected";
  readonly rows?: number;
  /** Absent where the rows were counted. */
  readonly rows_are?: "at_least" | "estimated";
  readonly cannot_come_back: string;
  readonly file?: string;
  readonly line?: number;
}

/** The part of a report that asks for, or stands beside, a confirmation. */
export interface LossReport {
  readonly losses?: readonly LossRow[];
  /** Losses beyond those shown. */
  readonly losses_left_out?: number;
}

/** One thing that a rule found in a plan; codes stand in docs/rules.md. */
export interface PlanFindingRow {
  readonly severity: Severity;
  readonly code: string;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly hint: string;
  /** The reason that the file gives; an error still needs a yes. */
  readonly suppressed?: string;
}

/** The part of a report that tells what the rules found. */
export interface PlanFindings {
  readonly findings?: readonly PlanFindingRow[];
  /** Findings beyond those shown. */
  readonly findings_left_out?: number;
}
