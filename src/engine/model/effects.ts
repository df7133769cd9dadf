/** A relation as it was when it was first seen: its names are what people know it by, whatever a statement makes of them. */
export interface SeenRelation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "index" | "sequence" | "view" | "materialized_view" | "foreign_table";
  /** The table that an index is on. */
  readonly ofTable: string | undefined;
  /** Names the file that holds its rows; another one means that they were written anew. Undefined for what has no file. */
  readonly fileNode: string | undefined;
  /** The planner's estimate; -1 where it has none. */
  readonly estimatedRows: number;
}

/** What a transaction has done to one table's rows so far, as the server counts it. */
export interface RowCounters {
  readonly schema: string;
  readonly table: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Scans of the whole table, and the rows that they read. */
  readonly scans: number;
  readonly rowsScanned: number;
}

/** What the open transaction holds and has done, at one moment. */
export interface TransactionState {
  /** Lock modes by the locked relation's OID, without the word `Lock`. */
  readonly locks: ReadonlyMap<string, readonly string[]>;
  /** The locked relations that still exist. */
  readonly relations: ReadonlyMap<string, SeenRelation>;
  /** By OID; tables without any count are left out. */
  readonly counters: ReadonlyMap<string, RowCounters>;
}

/** Rows of one table that really changed: by triggers and cascades too, and whatever the command's tag says. */
export interface TableRows {
  /** Such as `public.orders`. */
  readonly table: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Rows that went with the table or its file: by DROP and TRUNCATE, which delete none. */
  readonly destroyed?: number;
  /** True where `destroyed` is the planner's estimate, because counting would have taken too long. */
  readonly isEstimate?: boolean;
}

/** What one statement did, as the server measured it. */
export interface StatementTrace {
  /** Locks that it was the first to take, on what existed before the transaction. */
  readonly locks: readonly {
    readonly relation: SeenRelation;
    readonly modes: readonly string[];
    /** Modes that earlier statements hold already. */
    readonly held: readonly string[];
    /** For an index: the modes held on its table by now. */
    readonly onTable: readonly string[];
  }[];
  /** What was written anew, file by file. */
  readonly rewrites: readonly SeenRelation[];
  /** Tables that were read from end to end. */
  readonly scans: readonly { readonly table: string; readonly scans: number; readonly rows: number }[];
  /** Rows that changed; once they are counted, also those of tables in `emptied` and `dropped`. */
  readonly rows: readonly TableRows[];
  /** Tables that existed before the transaction and whose rows are gone. */
  readonly emptied: readonly SeenRelation[];
  readonly dropped: readonly SeenRelation[];
}

/** One privilege (`subject` holds `value` on `object`) or one attribute (`subject` of `object` is `value`). */
export interface AccessRow {
  readonly object: string;
  readonly subject: string;
  readonly value: string;
}

/** Who may do what, and what decides it. */
export interface AccessMatrix {
  readonly privileges: readonly AccessRow[];
  readonly attributes: readonly AccessRow[];
}

/** One difference between two access matrices, roles and objects that changed alike told together. */
export type AccessChange =
  | {
      readonly kind: "gained" | "lost";
      readonly roles: readonly string[];
      readonly privileges: readonly string[];
      readonly objects: readonly string[];
    }
  | {
      readonly kind: "altered";
      readonly object: string;
      readonly attribute: string;
      readonly before: string;
      readonly after: string;
    };

/** What an advisor's check says of one object. */
export interface AdvisorFinding {
  /** The check's name, such as `rls_disabled_in_public`. */
  readonly check: string;
  readonly category: "security" | "performance";
  readonly level: "error" | "warning" | "info";
  readonly object: string;
  /** What is wrong, in one sentence without the object's name. */
  readonly message: string;
  /** What tells two findings of one check on one object apart. */
  readonly detail: string | undefined;
}

/** What a transaction has done to one table that held rows before the plan. */
export interface MeasuredChange {
  /** Such as `public.orders`, by its name before the plan. */
  readonly table: string;
  readonly deleted: number;
  /** Updates that only fill columns which the same migration adds are not counted. */
  readonly updated: number;
  /** Dropped or emptied by a statement whose text does not name it; the planner's estimate of its rows, -1 where it has none. */
  readonly gone?: { readonly change: "dropped" | "emptied"; readonly estimatedRows: number };
}

/** One statement that writes more rows than this should be batches. */
export const mostRowsAtOnce = 10_000;
