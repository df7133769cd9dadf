import { randomBytes, randomUUID } from "node:crypto";
import type { ShownPlans } from "../confirmation/shown-plans.ts";
import type { CallContext } from "../requests.ts";
import { EngineError } from "../errors.ts";
import type { ApiSettings } from "../verify/over-http/api-settings.ts";
import type { Clock, Database, MigrationFolder, Observe, SessionDatabase } from "../ports.ts";
import { createFence, type Fence } from "../report/fence.ts";

/** Limits of the engine's work, in milliseconds; 0 is no limit. */
export interface EngineLimits {
  /** What one attempt waits for a lock. */
  readonly lockTimeoutMs: number;
  /** What all attempts together wait. */
  readonly lockWaitMs: number;
  /** What one statement of a migration may take. */
  readonly statementTimeoutMs: number;
  /** What one statement of a rehearsal on the target may take, under its locks. */
  readonly rehearsalTimeoutMs: number;
  /** What a query of execute_sql may take. */
  readonly queryTimeoutMs: number;
  /** How long after it was applied a migration can be rolled back, in hours; 0 for never, and then no way back is looked for. */
  readonly rollbackWindowHours: number;
}

/** Where and how files are replayed. */
export interface ShadowSettings {
  /** Absolute folder where replays are kept for the next time. */
  readonly cacheFolder: string;
  /** An empty Postgres database to replay in; PGlite serves where absent. */
  readonly url?: string;
}

/** The setting that an address other than the target's comes from. */
export type OtherAddress = "--against-url" | "--shadow-url";

/** What every use case works with. Nothing is opened before it is asked for. */
export interface EngineContext {
  /** Absolute folder of the project. */
  readonly projectDir: string;
  readonly openDatabase: () => Promise<Database>;
  /** Opens another Postgres database by its address; whoever asks for it closes it. */
  readonly openOther: (url: string, setting: OtherAddress) => Promise<SessionDatabase>;
  /** Another target of godwit.json by its label, for reading only; it stays open. Throws `unknown_target`, `target_not_set_up`. */
  readonly openNeighbour: (label: string) => Promise<Database>;
  /** Every write needs a yes. */
  readonly isProduction: boolean;
  readonly openFolder: () => Promise<MigrationFolder>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly limits: EngineLimits;
  readonly shadow: ShadowSettings;
  readonly readOnly: boolean;
  /** Whether the project's spec, where there is one, is judged before a commit. */
  readonly verifyBeforeCommit: boolean;
  /** The HTTP API of the target's project, where one is known. */
  readonly api?: ApiSettings;
  readonly shownPlans: ShownPlans;
  /** Runs one writer after the other within this process; the context it gets lets its sessions go before those of readers. */
  readonly inTurn: <T>(work: (writer: EngineContext) => Promise<T>) => Promise<T>;
}

/** A fence whose marks nobody can have known before. */
export function newFence(): Fence {
  return createFence(randomBytes(6).toString("hex"));
}

/** Identifies one call that writes, in the history. */
export function newRunId(): string {
  return randomUUID();
}

/** The target, once a given project id is known to mean it. Throws `wrong_target` otherwise. */
export async function openTarget(engine: EngineContext, call: CallContext): Promise<Database> {
  const database = await engine.openDatabase();
  const { id, label } = database.target;
  if (call.projectId === undefined || call.projectId === id) return database;
  throw new EngineError(
    "wrong_target",
    `project_id ${JSON.stringify(call.projectId)} is not the target of this server, which serves ${id} (${label}).`,
  );
}

/** The engine's observer and the call's, as one. */
export function observeBoth(engine: EngineContext, call: CallContext): Observe {
  const { observe } = call;
  if (observe === undefined) return engine.observe;
  return (event) => {
    engine.observe(event);
    observe(event);
  };
}

/** Throws `read_only` where the server was started so. */
export function assertWritable(engine: EngineContext, what: string): void {
  if (!engine.readOnly) return;
  throw new EngineError("read_only", `${what} is not possible: this server is read-only.`);
}

/** An address that cannot be read or reached is told as that of its own setting, since hints speak of the target's. */
export function namingSetting(setting: OtherAddress): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof EngineError)) throw error;
    const hint = error.hint.replaceAll("--database-url", setting);
    throw new EngineError(error.code, `${setting}: ${error.message}`, { ...error.details, hint }, error);
  };
}
