import { createShownPlans } from "./confirmation/shown-plans.ts";
import { join } from "node:path";
import type { ReachedTarget } from "./database/management/open-hosted.ts";
import { createInTurn } from "./database/in-turn.ts";
import { toReadOnly } from "./database/read-only-database.ts";
import { goingFirst } from "./database/transport.ts";
import { findMigrationsDir, readProjectId } from "./files/find-folder.ts";
import { openFolder } from "./files/migration-folder.ts";
import { toShownPath } from "./files/paths.ts";
import { openDatabase, type TargetSettings } from "./database/open-database.ts";
import { EngineError } from "./errors.ts";
import { openedOnce } from "./opened-once.ts";
import type { Clock, Database, MigrationFolder, Observe } from "./ports.ts";
import type { Engine } from "./requests.ts";
import type { ApiSettings } from "./verify/over-http/api-settings.ts";
import type { TargetAddress } from "./target-address.ts";
import { applyMigration } from "./use-cases/apply-migration.ts";
import { namingSetting, type EngineContext } from "./use-cases/context.ts";
import { checkMigrations, checkMigrationsAsSarif } from "./use-cases/check-migrations.ts";
import { compareDatabases } from "./use-cases/compare-databases.ts";
import { createBaseline } from "./use-cases/create-baseline.ts";
import { createMigration } from "./use-cases/create-migration.ts";
import { describeSchema } from "./use-cases/describe-schema.ts";
import { describeProject } from "./use-cases/describe-project.ts";
import { detectDrift } from "./use-cases/detect-drift.ts";
import { executeSql } from "./use-cases/execute-sql.ts";
import { generateTypes } from "./use-cases/generate-types.ts";
import { listMigrations } from "./use-cases/list-migrations.ts";
import { reconcileHistory } from "./use-cases/reconcile-history.ts";
import { rollbackMigration } from "./use-cases/rollback-migration.ts";
import { runPhase } from "./use-cases/run-phase.ts";

/** What an engine works on and within which limits. */
export interface EngineSettings {
  readonly target: TargetAddress;
  /** Absolute folder of the project: shown paths are relative to it. */
  readonly projectDir: string;
  /** Absolute; found by the rules of docs/configuration.md where absent. */
  readonly migrationsDir?: string;
  /** An empty Postgres database to replay files in; PGlite serves where absent. */
  readonly shadowUrl?: string;
  readonly readOnly: boolean;
  /** Milliseconds that one attempt waits for a lock. */
  readonly lockTimeoutMs: number;
  /** Milliseconds that all attempts together wait for locks. */
  readonly lockWaitMs: number;
  /** Milliseconds that one statement of a migration may take; 0 is no limit. */
  readonly statementTimeoutMs: number;
  /** Milliseconds that one statement of a rehearsal may take on the target; 0 is no limit, 5,000 where absent. */
  readonly rehearsalTimeoutMs?: number;
  /** Milliseconds that a query of execute_sql may take; 0 is no limit. */
  readonly queryTimeoutMs: number;
  /** Hours after which a migration is no longer rolled back, 48 where absent; with 0 no way back is looked for. */
  readonly rollbackWindowHours?: number;
  /** Whether apply_migration and run_phase judge the project's spec before they commit; true where absent. */
  readonly verifyBeforeCommit?: boolean;
  /** The HTTP API of the target's project: verify_schema asks access checks there, too. */
  readonly api?: ApiSettings;
  readonly observe: Observe;
}

/** What an engine knows of the targets beside its own. */
export type Neighbourhood = Pick<EngineContext, "isProduction" | "openNeighbour">;

/** An engine for one target and one folder. Touches neither disk nor network before the first use case runs. */
export function createEngine(settings: EngineSettings): Engine {
  return createEngineOn(settings, () => openTimed(settings));
}

/** The same on a database that `open` opens at the first demand; closing the engine closes it. */
export function createEngineOn(
  settings: Omit<EngineSettings, "target">,
  open: () => Promise<Database>,
  neighbourhood: Neighbourhood = alone,
): Engine {
  const { observe, readOnly, lockTimeoutMs, lockWaitMs, statementTimeoutMs, queryTimeoutMs } = settings;
  const database = openedOnce(readOnly ? async () => readOnlyOf(await open()) : open);
  const folder = openedOnce(() => findFolder(settings));
  const inTurn = createInTurn();
  const context: EngineContext = {
    ...neighbourhood,
    projectDir: settings.projectDir,
    openDatabase: database.get,
    openOther: (url, setting) => openDatabase({ kind: "postgres", url }).catch(namingSetting(setting)),
    openFolder: folder.get,
    clock: systemClock,
    observe,
    readOnly,
    verifyBeforeCommit: settings.verifyBeforeCommit ?? true,
    ...(settings.api === undefined ? {} : { api: settings.api }),
    shownPlans: createShownPlans(),
    shadow: {
      cacheFolder: join(settings.projectDir, ".godwit", "cache"),
      ...(settings.shadowUrl === undefined ? {} : { url: settings.shadowUrl }),
    },
    limits: {
      lockTimeoutMs,
      lockWaitMs,
      statementTimeoutMs,
      rehearsalTimeoutMs: settings.rehearsalTimeoutMs ?? 5_000,
      queryTimeoutMs,
      rollbackWindowHours: settings.rollbackWindowHours ?? 48,
    },
    inTurn: (work) =>
      inTurn(() => work({ ...context, openDatabase: async () => goingFirst(await database.get()) })),
  };
  return {
    listMigrations: (request, call) => listMigrations(context, request, call),
    detectDrift: (request, call) => detectDrift(context, request, call),
    createMigration: (request, call) => createMigration(context, request, call),
    applyMigration: (request, call) => applyMigration(context, request, call),
    reconcileHistory: (request, call) => reconcileHistory(context, request, call),
    rollbackMigration: (request, call) => rollbackMigration(context, request, call),
    createBaseline: (request, call) => createBaseline(context, request, call),
    runPhase: (request, call) => runPhase(context, request, call),
    executeSql: (request, call) => executeSql(context, request, call),
    checkMigrations: (request, call) => checkMigrations(context, request, call),
    checkMigrationsAsSarif: (request) => checkMigrationsAsSarif(context, request),
    compareDatabases: (request, call) => compareDatabases(context, request, call),
    describeSchema: (request, call) => describeSchema(context, request, call),
    generateTypes: (request, call) => generateTypes(context, request, call),
    // The YAML reader takes longer to load than all else together, and nobody else needs it.
    verifySchema: async (request, call) => {
      const { verifySchema } = await import("./use-cases/verify-schema.ts");
      return verifySchema(context, request, call);
    },
    describeProject: (call) => describeProject(context, call),
    close: async () => (await database.ifOpened())?.close(),
  };
}

const alone: Neighbourhood = {
  isProduction: false,
  openNeighbour: (label) => {
    const fact = `There is no target ${JSON.stringify(label.slice(0, 60))}: godwit.json names none.`;
    return Promise.reject(new EngineError("unknown_target", fact));
  },
};

/** The requests of a read-only server are sent as a role that cannot write. */
export function readOnlyOf(database: Database): Database {
  return database.transport === "session" ? toReadOnly(database) : database;
}

/** Opens the target, and tells the observer how long it took. One with a label goes by its own address alone, not by the folder's project id. */
export async function openTimed(settings: EngineSettings & { readonly hasLabel?: true }): Promise<Database> {
  const startedMs = systemClock.monotonicMs();
  const { target, readOnly: isReadOnly } = settings;
  const database =
    target.kind === "management"
      ? await openProject({ ...target, isReadOnly })
      : await openDatabase(await settleTarget({ ...settings, target }));
  const durationMs = Math.round(systemClock.monotonicMs() - startedMs);
  settings.observe({ kind: "database_opened", target: database.target.label, durationMs });
  return database;
}

/** The client is loaded here and not before. */
async function openProject(target: ReachedTarget): Promise<Database> {
  const { openHosted } = await import("./database/management/open-hosted.ts");
  return openHosted(target, systemClock);
}

/** The target with the project id that the folder gives it, and a label without the path to the project. */
async function settleTarget(
  settings: Parameters<typeof openTimed>[0] & { readonly target: TargetSettings },
): Promise<TargetSettings> {
  const { target, projectDir, hasLabel } = settings;
  const projectId = target.projectId ?? (hasLabel === true ? undefined : await readProjectId(projectDir));
  const named = projectId === undefined ? target : { ...target, projectId };
  if (named.kind !== "embedded" || named.dataDir === "memory") return named;
  // Refuses to work in `/` or the home folder before a database appears there.
  await findFolder(settings);
  return { ...named, shownDir: toShownPath(named.dataDir, projectDir) };
}

async function findFolder({
  projectDir,
  migrationsDir,
}: Omit<EngineSettings, "target">): Promise<MigrationFolder> {
  const question = migrationsDir === undefined ? { projectDir } : { projectDir, given: migrationsDir };
  const { dir, origin } = await findMigrationsDir(question);
  return openFolder({ dir, projectDir, isGiven: origin === "given", clock: systemClock });
}

const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
