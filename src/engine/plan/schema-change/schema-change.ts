import type { Change, FactKey } from "../../model/catalog.ts";

/** Harm that a statement may do, by name. */
export type SchemaHazard =
  | "ACCESS_EXCLUSIVE_LOCK"
  | "AUTHZ_UPDATE"
  | "CORRECTNESS"
  | "DELETES_DATA"
  | "HAS_UNTRACKABLE_DEPENDENCIES"
  | "INDEX_BUILD"
  | "INDEX_DROPPED"
  | "SHARE_LOCK"
  | "TABLE_REWRITE"
  | "TABLE_SCAN";

/** One statement of a schema change, without a semicolon. */
export interface SchemaStatement {
  readonly sql: string;
  /** The object it is about; undefined for a statement about the session. */
  readonly subject: FactKey | undefined;
  /** What is no longer different once this and all before it ran. */
  readonly closes: readonly Change[];
  readonly hazards: readonly SchemaHazard[];
  /** True where all before it must be committed first. */
  readonly startsNewTransaction: boolean;
}

/** A difference that no statement closes, and why. */
export interface Refusal {
  readonly key: FactKey;
  readonly changes: readonly Change[];
  readonly reason: string;
}

/** Two objects that differ in nothing but the name, so that the one may have become the other; offered, never assumed. */
export interface RenameCandidate {
  readonly from: FactKey;
  readonly to: FactKey;
  readonly sql: string;
}

/** What turns one catalog into another. */
export interface SchemaChangePlan {
  readonly statements: readonly SchemaStatement[];
  readonly refusals: readonly Refusal[];
  readonly renames: readonly RenameCandidate[];
}
