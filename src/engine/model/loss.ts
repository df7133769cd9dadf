/** How many rows a loss concerns. */
export interface RowCount {
  readonly count: number;
  /** `at_least` where counting stopped at its bound, `estimated` where the server's statistics had to do. */
  readonly certainty: "counted" | "at_least" | "estimated";
}

/** One thing that a change takes away from what the target held before it. */
export interface Loss {
  /** Such as `table` or `column`. */
  readonly kind: string;
  /** As the catalog names it, such as `public.orders.total`; a stranger may have chosen it. */
  readonly name: string;
  readonly change: "dropped" | "emptied" | "deleted" | "overwritten" | "converted" | "unprotected";
  /** Absent where no rows are concerned, or nobody can count them. */
  readonly rows?: RowCount;
  /** What no rollback brings back, as a sentence without names. */
  readonly cannotComeBack: string;
  /** Shown path of the file, and the one-based line of the statement. */
  readonly file?: string;
  readonly line?: number;
}
