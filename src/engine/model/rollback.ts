import type { Version } from "./version.ts";

/**
 * How far the way back from a migration is known. `proven`: undone and compared, everything was as before. `proven_schema_only`: the
 * schema was, rows that the migration wrote stay. `lossy`: the schema was, and some data cannot come back. `unproven`: not tried.
 */
export const rollbackVerdicts = ["proven", "proven_schema_only", "lossy", "unproven", "impossible"] as const;
export type RollbackVerdict = (typeof rollbackVerdicts)[number];

/** True where undoing was tried and brought the schema back. */
export function leadsBack(verdict: RollbackVerdict): boolean {
  return verdict !== "impossible" && verdict !== "unproven";
}

/** Data that a rollback does not bring back. */
export interface RollbackLoss {
  /** As `table`, `column`, `sequence` or `role`. */
  readonly kind: string;
  /** As the catalog names it, such as `public.orders.total`. */
  readonly name: string;
  readonly how: "dropped" | "deleted" | "overwritten" | "converted";
  /** Absent where nobody counted. */
  readonly rows?: number;
  readonly isEstimate?: boolean;
}

/** An object that a migration made, changed or dropped, or that stands on one that it made: digests of it before and after, null where it was not there. */
export interface TouchedObject {
  /** Its key in the catalog. */
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A migration's way back, as found out when it was applied or rehearsed. */
export interface Rollback {
  readonly verdict: RollbackVerdict;
  /** `given` is the file's own block, or the file in `rollback/`. */
  readonly source: "given" | "generated";
  /** Undefined where there is none; empty where nothing has to be undone. */
  readonly sql: string | undefined;
  readonly losses: readonly RollbackLoss[];
  /** Tables with rows that the migration wrote and the rollback leaves. */
  readonly rowsLeft: readonly string[];
  /** For `impossible` and `unproven`, or why the file's own SQL is not used; may repeat what the database said. */
  readonly reason?: string;
  readonly objects: readonly TouchedObject[];
  /** Tables in `supabase_migrations` with copies of what the migration took away and the rollback brings back. */
  readonly kept?: readonly string[];
}

/** What is recorded of undoing one applied migration. */
export interface WayBack {
  /** Of its row in our own table. */
  readonly id: number;
  readonly version: Version;
  readonly name: string;
  readonly checksum: string | undefined;
  /** ISO 8601, UTC, to the second; the server's clock. */
  readonly appliedAt: string;
  /** True where it was applied within the window. */
  readonly isOpen: boolean;
  /** SQL that the file gave, also where nobody has tried it. */
  readonly givenSql: string | undefined;
  /** Undefined where nobody looked when it was applied. */
  readonly rollback: Rollback | undefined;
}
