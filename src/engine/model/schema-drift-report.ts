/*
 * What callers are answered about schemas that differ. Wire shapes, as those of report.ts.
 */

/** What a difference is about; the last two are never about something that a person of the project changed. */
export type DriftClass = "security" | "structural" | "behavioural" | "cosmetic" | "platform" | "unmodelled";

/** Which way a script goes: `live_to_files` makes the live schema what the files produce, `files_to_live` the other way round. */
export type DriftDirection = "live_to_files" | "files_to_live";

/** One difference between two schemas: those of two databases, or the live one and what the files produce. */
export interface SchemaDriftItem {
  readonly layer: "schema";
  readonly class: DriftClass;
  readonly severity: "error" | "warning" | "info";
  readonly change:
    | "only_in_target"
    | "only_in_against"
    | "only_in_live"
    | "only_in_files"
    | "differs"
    | "not_compared";
  readonly kind: string;
  /** The object, such as `column public.orders.total`. */
  readonly object: string;
  /** Differs: which of its attributes, and its values on both sides. */
  readonly attribute?: string;
  readonly target_value?: string;
  readonly against_value?: string;
  readonly live_value?: string;
  readonly files_value?: string;
  /** How many differences of the platform's this item stands for. */
  readonly count?: number;
  /** The file, not applied yet, that makes this difference go away: no drift. */
  readonly explained_by?: string;
  /** The object on the other side that this one may have become: nothing drops or makes it until somebody says so. */
  readonly may_be_renamed?: string;
  /** Both directions were run on a copy, and nothing of this difference was left. */
  readonly proved?: true;
  readonly not_proved_because?: string;
}

/** How a script did on a copy of the schema that it is for. */
export interface ScriptProof {
  /** True where every statement ran and no difference was left. */
  readonly proved: boolean;
  readonly statements: number;
  /** Harm that the script may do, by name. */
  readonly hazards?: readonly string[];
  /** Why it is not proved; the first reasons. */
  readonly because?: readonly string[];
}

/** Two objects that differ in nothing but the name. */
export interface RenameCandidateReport {
  readonly from: string;
  readonly to: string;
  /** What to give as `renames`: that it was renamed, or that it was not. */
  readonly if_renamed: string;
  readonly if_not: string;
}

/** The live schema against what the applied files produce in an empty database. */
export interface SchemaComparison {
  /** How many differences there are by class; those that a pending file explains are not among them. */
  readonly counts: Readonly<Partial<Record<DriftClass, number>>>;
  /** What is no drift and worth knowing: what pending files explain, the platform's own, what could not be compared. */
  readonly not_drift?: readonly SchemaDriftItem[];
  readonly not_drift_left_out?: number;
  /** What the files hold and could not be run on an empty database: their effects count as missing. */
  readonly not_replayed?: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  readonly not_replayed_left_out?: number;
  readonly rename_candidates?: readonly RenameCandidateReport[];
  /** How the two scripts did on copies; `create_migration { from_drift }` writes them. */
  readonly scripts?: Readonly<Record<DriftDirection, ScriptProof>>;
  /** The scripts themselves, only in whole answers. */
  readonly sql?: Readonly<Record<DriftDirection, string>>;
}

export interface CompareDatabasesReport {
  /** One sentence that says what is so. */
  readonly summary: string;
  readonly warnings?: readonly string[];
  readonly next_steps?: readonly string[];
  readonly target: string;
  readonly against: string;
  readonly has_drift: boolean;
  readonly layers: readonly ["schema"];
  readonly counts: Readonly<Partial<Record<DriftClass, number>>>;
  readonly drift: readonly SchemaDriftItem[];
  /** Differences before, on and behind this page. */
  readonly drift_total?: number;
  /** The platform's own, and what could not be compared. */
  readonly not_drift?: readonly SchemaDriftItem[];
  /** Left out where it is too long for an answer that is not whole. */
  readonly sql?: { readonly to_against: string; readonly to_target: string };
  /** How the two scripts did on copies. */
  readonly scripts?: { readonly to_against: ScriptProof; readonly to_target: ScriptProof };
  /** Objects that may have been renamed; the scripts leave them alone until `renames` says what is so. */
  readonly rename_candidates?: readonly RenameCandidateReport[];
  readonly next_cursor?: string;
}
