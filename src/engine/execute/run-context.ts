import type { Clock, SessionDatabase, Observe, Session } from "../ports.ts";
import type { BlockerWatch } from "./blockers.ts";
import type { LockWait } from "./lock.ts";
import type { Limits } from "./transaction.ts";
import type { UndoCourse } from "./undo-course.ts";
import type { EffectsGuard } from "./watch-effects.ts";

/** Asked in the transaction, when all of it has run and nothing is recorded; what it throws rolls the transaction back. */
export type CommitGate = (session: Session) => Promise<void>;

/** What running a plan needs, besides the plan. */
export interface RunContext {
  readonly database: SessionDatabase;
  readonly session: Session;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly limits: Limits;
  readonly lockWait: LockWait;
  readonly blockers: BlockerWatch;
  readonly signal: AbortSignal | undefined;
  readonly runId: string;
  readonly appliedBy: string;
  /** True where schema_migrations has the six columns of hosted projects. */
  readonly isHostedShape: boolean;
  /** Absent where no way back is looked for. */
  readonly undo?: UndoCourse;
  /** Absent where nobody has to be asked about what is measured. */
  readonly guard?: EffectsGuard;
  /** Stands before the commit of the last migration of a run, or of a phase; absent where nothing has to hold. */
  readonly gate?: CommitGate;
}
