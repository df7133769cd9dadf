import type { Name } from "./names.ts";

/** What is found out about a migration once, so that no rule has to read all of it for each statement. */
export interface Profile {
  /** By position: the tables of others that the statement locks against every reader. */
  readonly locks: readonly (readonly Name[])[];
  /** By position: whether the statement's time grows with a table of others. */
  readonly slow: readonly boolean[];
  /** By position: the table that was locked first before the statement, and how many were. */
  readonly lockedBefore: readonly LockedBefore[];
  readonly hasLocks: boolean;
  readonly hasSlow: boolean;
  /** By position: whether a BEGIN of the file itself is open. */
  readonly isInBlock: readonly boolean[];
  /** True where one BEGIN and COMMIT stand around the whole file. */
  readonly isWrapped: boolean;
  /** Statements of the file that run in its transaction and do more than set something. */
  readonly transactional: number;
  /** True where EXECUTE on every function of a schema is taken from the API. */
  readonly revokesFunctions: boolean;
  /** Positions of the statements that name an object, ascending. */
  readonly naming: (key: string) => readonly number[];
}

/** The locks taken before a statement. */
export interface LockedBefore {
  readonly first: Name | undefined;
  readonly count: number;
}
