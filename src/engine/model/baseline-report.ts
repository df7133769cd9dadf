import type { SchemaDriftItem } from "./schema-drift-report.ts";

/** What create_baseline answers: a plan with its proof, or what was carried out. */
export interface CreateBaselineReport {
  /** One sentence that says what is so. */
  readonly summary: string;
  readonly warnings?: readonly string[];
  readonly next_steps?: readonly string[];
  readonly target: string;
  /** Only `done` changed anything. */
  readonly status: "planned" | "confirmation_required" | "not_proved" | "done";
  /** What has to be confirmed. */
  readonly plan_id?: string;
  readonly version: string;
  readonly file: string;
  readonly statements: number;
  readonly replaces: {
    readonly entries: number;
    readonly oldest: string;
    readonly newest: string;
    /** Files that go to `archive/`, the first of them where there are many. */
    readonly files: readonly string[];
    readonly files_left_out?: number;
    /** Files among them that never ran. */
    readonly never_applied?: readonly string[];
  };
  /** Replaying the baseline alone on an empty shadow led to the live schema. */
  readonly proved: boolean;
  /** Where it did not: how many differences there are of each kind, and on which side, such as `policy only_in_live`. */
  readonly difference_counts?: Readonly<Record<string, number>>;
  /** The first of them: what the shadow has and the live schema has not, or the other way round. */
  readonly differences?: readonly SchemaDriftItem[];
  readonly differences_left_out?: number;
  /** Statements of the baseline that did not run. */
  readonly failures?: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  /** The whole SQL; for people only. */
  readonly sql?: string;
}
