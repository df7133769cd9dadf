/**
 * How far the way back from a migration is known. `proven`: undone and compared, everything was as before. `proven_schema_only`: the
 * schema was, rows that the migration wrote stay. `lossy`: the schema was, and some data cannot come back. `unproven`: not tried.
 */
export type RollbackVerdict = "proven" | "proven_schema_only" | "lossy" | "unproven" | "impossible";

/** Data that a rollback does not bring back. */
export interface RollbackLoss {
  /** As `table` or `column`. */
  readonly kind: string;
  /** As the catalog names it, such as `public.orders.total`. */
  readonly name: string;
  readonly how: "dropped" | "deleted" | "overwritten" | "converted";
  /** Absent where nobody counted. */
  readonly rows?: number;
  readonly isEstimate?: boolean;
}

/** An object that a migration made, changed or dropped: digests of it before and after, null where it was not there. */
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
}
