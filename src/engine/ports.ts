import type { EngineEvent } from "./model/event.ts";
import type { FileChange } from "./model/history-change.ts";
import type { Finding } from "./model/finding.ts";
import type { FileContent, MigrationFile } from "./model/migration.ts";

/** A statement with its values apart; made only by the `sql` tag (database/sql.ts) or `userStatement`. */
export interface Query {
  readonly text: string;
  readonly values: readonly QueryValue[];
}

/** What can be sent as a parameter. Arrays are sent as Postgres text arrays, objects are not: pass JSON as text and cast. */
export type QueryValue = string | number | boolean | null | readonly string[];

/** One row, by column name. Integers up to 4 bytes, floats, booleans and JSON arrive as JavaScript values, all else as Postgres prints it. */
export type Row = Readonly<Record<string, unknown>>;

export interface QueryResult {
  readonly rows: readonly Row[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The command tag without its count, such as `INSERT`, `CREATE TABLE`, `COMMIT`. */
  readonly command: string;
  /** Rows that the command tag counts; 0 where it counts none. */
  readonly rowsAffected: number;
}

/** What the target is, for messages and plans; holds no secret. */
export interface TargetDescription {
  readonly engine: "pglite" | "postgres";
  /** Stable identity: a Supabase project's ref where the address shows one, else the settings' project id, else a label. */
  readonly id: string;
  /** For people: host, port and database, or the embedded database's folder. */
  readonly label: string;
  /** A transaction pooler keeps no session between statements outside a transaction (Supabase: port 6543). */
  readonly pooling: "none" | "transaction";
}

/** Notices that the server sent since the session began, newest last, at most 50. */
export interface Notice {
  readonly severity: string;
  readonly message: string;
}

/** Answers one query at a time, each perhaps on another connection; a failed one rejects with a `DatabaseError`. */
export interface Reader {
  readonly run: (query: Query) => Promise<Pick<QueryResult, "rows">>;
}

/**
 * One connection, held. Statements run one after the other in the order of the calls, each sent with the extended protocol and no named
 * prepared statement, so that a text with two statements is refused by the server itself (42601). A call that does not wait for
 * the one before saves a round trip, and is carried out although that one fails.
 * A failed statement rejects with a `DatabaseError`; a lost connection with `connectionLost` set on it.
 */
export interface Session extends Reader {
  readonly run: (query: Query) => Promise<QueryResult>;
  /** Asks the server to cancel what runs now. The session must not be used afterwards. */
  readonly cancel: () => Promise<void>;
  /** Closes the connection instead of giving it back to the pool. */
  readonly discard: () => void;
  readonly notices: () => readonly Notice[];
}

/** What a query asks of `BatchDatabase.query` besides its text. */
export interface BatchQuery {
  readonly text: string;
  /** A SELECT can be measured and limited; SHOW and EXPLAIN answer text and are sent as they are. */
  readonly isSelect: boolean;
  /** Rows in the answer at most. */
  readonly maxRows: number;
  /** Milliseconds; 0 is no limit. */
  readonly timeoutMs: number;
}

/** A database reached by requests, each a script in a transaction of its own (the Supabase Management API): nothing outlives a request. */
export interface BatchDatabase {
  readonly transport: "batch";
  readonly target: TargetDescription;
  /** Runs single SELECTs, each in a read-only transaction of its own; requests without an answer are sent again. */
  readonly reader: (settings: BatchSettings) => Reader;
  /** A user's query, as a role that can only read wherever the service offers one. */
  readonly query: (query: BatchQuery) => Promise<QueryResult>;
  /**
   * Runs statements in one transaction and answers the rows of the last, as the service puts them into JSON; sent once. Rejects with
   * a `DatabaseError`: `scriptLine` counts in `scriptText(statements)`, `connectionLost` where nobody knows whether it was committed.
   */
  readonly runScript: (statements: readonly Query[]) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
}

/** Settings for one request's transaction, by name. */
export type BatchSettings = Readonly<Record<string, string>>;

/** The database a tool works on: the types keep the two ways apart, so that neither pretends to be the other. */
export type Database = SessionDatabase | BatchDatabase;

/** Where to wait for a connection: the one writer, for whom other writers wait, goes first. */
export type Place = "first" | "last";

/** A database reached through connections that keep a session (Postgres, PGlite). */
export interface SessionDatabase {
  readonly transport: "session";
  readonly target: TargetDescription;
  /**
   * Runs with one connection held; gives it back, or closes it where `use` threw or `discard` was called. Where all are in use it
   * waits for its place: last, unless another is given.
   */
  readonly withSession: <T>(use: (session: Session) => Promise<T>, place?: Place) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** What a folder holds. */
export interface FolderContents {
  /** Every file that matches the CLI's pattern, in the order of application. */
  readonly files: readonly MigrationFile[];
  readonly findings: readonly Finding[];
  /** Files kept in `archive/`, by their path below the migrations folder. */
  readonly archived: readonly string[];
  /** `.sql` files in other folders, which people may have put aside, by their path below the migrations folder. */
  readonly inSubfolders: readonly string[];
  /** What the archive's manifest lists, in the order of archiving. */
  readonly archiveEntries: readonly ArchivedFile[];
  /** The `.sql` files that the CLI passes over because of their names; bare file names. */
  readonly strays: readonly string[];
}

/** One entry of the archive's manifest, and whether the file is still what was archived. */
export interface ArchivedFile {
  /** The file's name in `archive/`. */
  readonly file: string;
  readonly originalName: string;
  readonly version: string;
  /** ISO 8601, UTC, to the second. */
  readonly archivedAt: string;
  readonly reason: string;
  readonly state: "kept" | "missing" | "changed";
}

/** One file of a phase: `<number>_<name>.sql`. */
export interface PhaseFile {
  readonly number: string;
  readonly name: string;
  readonly fileName: string;
  readonly content: FileContent;
}

/** The migrations folder. Nothing is ever overwritten or removed, and no path leaves the folder. */
export interface MigrationFolder {
  /** The folder as shown to people, below the project where possible. */
  readonly label: string;
  readonly read: () => Promise<FolderContents>;
  /** Writes a new file and answers its shown path. Throws `file_exists`, `folder_not_writable`, `path_outside_folder`. */
  readonly write: (file: { readonly fileName: string; readonly sql: string }) => Promise<string>;
  /** Moves a file to `archive/` with an entry in the manifest and answers its shown path there. */
  readonly archive: (file: { readonly fileName: string; readonly reason: string }) => Promise<string>;
  /** The phases in `phases/`, by file name. Throws `file_not_readable`. */
  readonly readPhases: () => Promise<readonly PhaseFile[]>;
  /** Writes a new phase and answers its shown path. Throws as `write` does. */
  readonly writePhase: (file: { readonly fileName: string; readonly sql: string }) => Promise<string>;
  /** The digest of a file's bytes that a `FileChange` names. Throws `file_not_readable` where the system refuses. */
  readonly sha256Of: (fileName: string) => Promise<string>;
  /**
   * Makes several changes, and leaves a journal with which they can be undone until they are kept.
   * Throws `plan_is_stale` where a file is not what the plan expects, `file_exists`, `folder_not_writable`.
   */
  readonly change: (order: FolderChange) => Promise<void>;
  readonly keepChanges: (runId: string) => Promise<void>;
  readonly undoChanges: (runId: string) => Promise<void>;
  /** The runs whose changes were neither kept nor undone: under way in another process, or cut off. */
  readonly unfinishedChanges: () => Promise<readonly string[]>;
  /** What one of them set out to do; undefined where it is kept or undone by now. Throws `file_not_readable`. */
  readonly unfinishedChange: (runId: string) => Promise<UnfinishedChange | undefined>;
}

/** The file side of a change that was cut off, by paths below the migrations folder. */
export interface UnfinishedChange {
  /** The identity of the database whose history was to change with the files. */
  readonly target: string;
  /** ISO 8601, UTC, to the second. */
  readonly begunAt: string;
  readonly moved: readonly { readonly path: string }[];
  readonly added: readonly { readonly path: string }[];
}

/** The file side of one change of files and history. */
export interface FolderChange {
  readonly runId: string;
  readonly target: string;
  readonly changes: readonly FileChange[];
  /** Markdown for the archive's summary. */
  readonly summary: string;
  readonly beforeStep: (step: number) => void;
}

export interface Clock {
  readonly now: () => Date;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
  /** Rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export type Observe = (event: EngineEvent) => void;
