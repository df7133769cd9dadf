/** Something with a name that can be given another one. */
export interface NamedThing {
  /** What the server knows it by; the same whatever its name. */
  readonly id: string;
  readonly kind:
    | "schema"
    | "table"
    | "view"
    | "materialized_view"
    | "sequence"
    | "index"
    | "foreign_table"
    | "type"
    | "column"
    | "constraint";
  /** Empty for a schema. */
  readonly schema: string;
  /** The relation of a column or constraint, the domain of a constraint; else empty. */
  readonly within: string;
  readonly name: string;
  /** For a type or a constraint. */
  readonly isOfDomain: boolean;
  /** True for a table that may have rows, and for a sequence that was used. */
  readonly holds: boolean;
  /** The planner's number of rows; 0 where it has none. */
  readonly estimate: number;
  /** What the server knows a column's type by; empty for anything else. */
  readonly type: string;
  /** Where a sequence stands that was used; null for anything else. */
  readonly position: string | null;
}

/** By id. */
export type Things = ReadonlyMap<string, NamedThing>;
