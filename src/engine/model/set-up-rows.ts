/** A role that the schema names and that a fresh project does not have. */
export interface SetUpRole {
  readonly name: string;
  readonly canLogin: boolean;
  readonly inherits: boolean;
  readonly createsDatabases: boolean;
  readonly createsRoles: boolean;
  readonly bypassesRowSecurity: boolean;
  /** Names of the parameters that ALTER ROLE … SET has set for all databases. */
  readonly settings: readonly string[];
  readonly memberOf: readonly string[];
  readonly members: readonly string[];
}

/** A storage bucket. */
export interface SetUpBucket {
  readonly id: string;
  readonly name: string;
  readonly isPublic: boolean;
  readonly fileSizeLimit: string | undefined;
  readonly allowedMimeTypes: readonly string[] | undefined;
}

/** A job of pg_cron. */
export interface SetUpJob {
  readonly name: string | undefined;
  readonly schedule: string;
  readonly command: string;
  /** Undefined where it runs in the database itself. */
  readonly otherDatabase: string | undefined;
  readonly isActive: boolean;
}

/** A queue of pgmq. */
export interface SetUpQueue {
  readonly name: string;
  readonly isUnlogged: boolean;
  readonly isPartitioned: boolean;
}

/** Rows that make up a project's set-up as much as its schema does, and that no schema dump holds. Each list in a stable order. */
export interface SetUpRows {
  readonly roles: readonly SetUpRole[];
  readonly buckets: readonly SetUpBucket[];
  readonly jobs: readonly SetUpJob[];
  readonly queues: readonly SetUpQueue[];
  /** Tables of such rows that could not be read, and why. */
  readonly unread: readonly { readonly table: string; readonly cause: string }[];
}
