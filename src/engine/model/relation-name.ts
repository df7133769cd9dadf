/** A relation as a statement names it. */
export interface RelationName {
  /** Undefined where the statement leaves it to the search path. */
  readonly schema: string | undefined;
  readonly name: string;
}
