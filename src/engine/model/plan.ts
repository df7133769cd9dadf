import type { DestructiveAct } from "./destructive-act.ts";
import type { RelationName } from "./relation-name.ts";
import type { Version } from "./version.ts";

/** One statement as it will be sent and recorded. */
export interface PlannedStatement {
  /** Zero-based index in the recorded statements. */
  readonly index: number;
  readonly text: string;
  /** One-based position of the statement's first token in the file. */
  readonly line: number;
  readonly column: number;
  /** Offset of `text` in the file's SQL, in UTF-16 units. */
  readonly start: number;
  /** Offset of the first token in `text`, behind the comments before it. */
  readonly bodyOffset: number;
  /** What Postgres will call it, such as `CREATE TABLE`. */
  readonly command: string;
  /** False for what is recorded and not sent: a trailing comment, or the BEGIN and COMMIT around a whole file. */
  readonly isExecutable: boolean;
  readonly fingerprint: string;
  /** For CREATE and DROP INDEX CONCURRENTLY of a named index: what the catalog will show once it is done. */
  readonly indexChange: { readonly kind: "create" | "drop"; readonly index: RelationName } | undefined;
  /** For a statement that runs alone: true where nobody is stalled while it waits for a lock. */
  readonly waitsAside: boolean;
  /** True for SET and its like, which hold for the statements after it, in whichever step those run. */
  readonly setsSession: boolean;
  /** What its text takes away from what exists. */
  readonly destroys: readonly DestructiveAct[];
  /** For an UPDATE that writes only columns which the migration has added: its table. Nothing is overwritten. */
  readonly fillsNewColumns?: RelationName;
}

/** One thing that applying a migration does: a transaction of statements, or one statement that cannot run in a transaction. */
export type ApplyStep =
  | { readonly kind: "transaction"; readonly statements: readonly PlannedStatement[] }
  | { readonly kind: "alone"; readonly statement: PlannedStatement };

export interface PlannedMigration {
  readonly version: Version;
  readonly name: string;
  readonly fileName: string;
  readonly sql: string;
  readonly checksum: string;
  /** All statements, comments included, as the history will record them. */
  readonly statements: readonly PlannedStatement[];
  readonly steps: readonly ApplyStep[];
  /** Steps that an earlier, unfinished run has done already. */
  readonly stepsDone: number;
  readonly rollbackSql: string | undefined;
  /** True where the file asks that what it takes away is kept for as long as it can be rolled back. */
  readonly keepsData?: boolean;
}

/** What applying will do, as a value: printed, digested, and refused when stale. */
export interface ApplyPlan {
  readonly formatVersion: 2;
  readonly purpose: "apply";
  /** The target's identity, not its address. */
  readonly target: string;
  /** SHA-256, hex, over the history as read when planning. */
  readonly expectsHistory: string;
  /** SHA-256, hex, over the files or the given SQL. */
  readonly expectsFiles: string;
  /** True for SQL that has no file yet, whose version is settled only when it is written. */
  readonly isVersionOpen: boolean;
  readonly migrations: readonly PlannedMigration[];
}

/** A schema as digests: of all of it, and of each object by its key in the catalog. */
export interface SchemaFingerprint {
  /** SHA-256, hex. */
  readonly digest: string;
  readonly objects: ReadonlyMap<string, string>;
}

/** What a plan's id is made of, each part as text: the target's identity, and digests of the rest. */
export interface PlanParts {
  readonly target: string;
  readonly history: string;
  /** Of the files, or of what else a plan changes them into. */
  readonly files: string;
  /** Of the schema's fingerprint. */
  readonly schema: string;
}
