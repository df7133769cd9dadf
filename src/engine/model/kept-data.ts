/** Rows or values that were copied before a migration took them away. */
export interface KeptData {
  /** As a loss names it: `schema.table`, or `schema.table.column`. */
  readonly name: string;
  /** The table in `supabase_migrations` that holds the copy. */
  readonly copy: string;
  readonly table: { readonly schema: string; readonly name: string };
  /** Set where values of one column were kept, not whole rows. */
  readonly column?: string;
  /** Columns whose values the copy holds, keys included. */
  readonly columns: readonly string[];
  /** Columns of the primary key. */
  readonly keys: readonly string[];
  /** Triggers of the table that were enabled. */
  readonly triggers: readonly string[];
  /** Sequences of the table's columns, as SQL names them, and how far they were. */
  readonly sequences: readonly { readonly name: string; readonly at: string }[];
  /** How the rows come back: all that are missing, or old values in the rows that are there. */
  readonly restoredBy: "insert" | "update";
}
