import { EngineError } from "../errors.ts";
import { toChecksum } from "../files/checksum.ts";
import { composeMigration } from "../files/header.ts";
import type { ApplyPlan, PlannedMigration } from "../model/plan.ts";
import type { MigrationFile } from "../model/migration.ts";
import { listFew } from "../model/list-few.ts";
import { isStepwise } from "../execute/run-plan.ts";
import { chooseFiles } from "../plan/choose-files.ts";
import { placeGivenSql, type Placement } from "../plan/place-given-sql.ts";
import { digestHistory, digestMigrations } from "../plan/plan-id.ts";
import { sourceOfFile, sourceOfSql } from "../plan/migration-source.ts";
import { planMigration } from "../plan/plan-migration.ts";
import type { MigrationSource } from "../plan/read-statements.ts";
import { warnOfPassedOver } from "../report/warn-of-folder.ts";
import { fingerprintAside } from "../sql/fingerprint-aside.ts";
import type { ApplyMigrationRequest, CallContext } from "../requests.ts";
import { observeBoth, type EngineContext } from "./context.ts";
import { describeRename, settleName } from "./migration-name.ts";
import type { Promotion } from "./promotion.ts";
import type { Project } from "./read-project.ts";

/** Everything that is decided before anything is done. */
export interface Prepared {
  readonly project: Project;
  readonly plan: ApplyPlan;
  /** The first migration that cannot be planned; those before it can run, it and those after it cannot. */
  readonly obstacle: Obstacle | undefined;
  /** Files that are applied already. */
  readonly alreadyApplied: readonly MigrationFile[];
  /** SQL that has to become a file first. */
  readonly toWrite: FileToWrite | undefined;
  readonly warnings: readonly string[];
}

export interface Obstacle {
  readonly source: MigrationSource;
  readonly error: EngineError;
}

export interface FileToWrite {
  readonly fileName: string;
  readonly sql: string;
  readonly replaced: MigrationFile | undefined;
}

/** Reads nothing and writes nothing: which migrations run, in which steps, and under which plan id. */
export async function prepareApply(
  project: Project,
  request: ApplyMigrationRequest,
  { now, promotion }: { readonly now: Date; readonly promotion: Promotion | undefined },
): Promise<Prepared> {
  const { name, query } = request;
  if (promotion !== undefined) {
    const { files, bond, warnings } = promotion;
    return assemble(project, { sources: files.map(sourceOfFile), bond, warnings });
  }
  if (name !== undefined && query !== undefined)
    return prepareGiven(project, { ...request, name, query }, now);
  const chosen = chooseFiles(project.reconciliation, request, project.folder.label);
  if (chosen.kind === "already_applied")
    return assemble(project, { sources: [], alreadyApplied: [chosen.file] });
  return assemble(project, {
    sources: chosen.files.map(sourceOfFile),
    warnings: warnOfFilesLeft(project, request),
  });
}

/** Writes the file of given SQL, if there is one to write: what happens afterwards, the file is there. */
export async function writeGivenFile(
  engine: EngineContext,
  call: CallContext,
  prepared: Prepared,
): Promise<Prepared> {
  const { toWrite, project } = prepared;
  if (toWrite === undefined) return prepared;
  const observe = observeBoth(engine, call);
  if (toWrite.replaced !== undefined) {
    const { fileName } = toWrite.replaced;
    const archivedPath = await project.folder.archive({ fileName, reason: "replaced before it was applied" });
    observe({ kind: "file_archived", path: `${project.folder.label}/${fileName}`, archivedPath });
  }
  const path = await project.folder.write(toWrite);
  const version = prepared.plan.migrations[0]?.version;
  if (version !== undefined) observe({ kind: "migration_written", version, path });
  return prepared;
}

async function prepareGiven(
  project: Project,
  given: ApplyMigrationRequest & { readonly name: string; readonly query: string },
  now: Date,
): Promise<Prepared> {
  const name = settleName(given.name);
  const fingerprint = await fingerprintAside(given.query);
  const placement = placeGivenSql({ name, fingerprint, version: given.version }, project.reconciliation, now);
  const warnings = describeRename(given.name, name);
  switch (placement.kind) {
    case "already_applied":
      return assemble(project, { sources: [], alreadyApplied: [placement.file], warnings });
    case "use_file":
      return assemble(project, { sources: [sourceOfFile(placement.file)], warnings });
    case "new_file":
    case "replace_file":
      return prepareNewFile(project, { name, query: given.query, placement, now, warnings });
  }
}

interface NewFile {
  readonly name: string;
  readonly query: string;
  readonly placement: Extract<Placement, { kind: "new_file" | "replace_file" }>;
  readonly now: Date;
  readonly warnings: readonly string[];
}

async function prepareNewFile(project: Project, file: NewFile): Promise<Prepared> {
  const { name, query, placement, now, warnings } = file;
  const { version } = placement;
  // Positions in an error about the SQL have to be those of the SQL as it was given.
  await planMigration(sourceOfSql(query, name, version), undefined);
  const sql = composeMigration(query, { name, date: now });
  const source = sourceOfSql(sql, name, version);
  const replaced = placement.kind === "replace_file" ? placement.replaced : undefined;
  const toWrite = { fileName: source.fileName, sql, replaced };
  const checksum = toChecksum(query);
  const prepared = await assemble(project, { sources: [source], toWrite, warnings, checksum });
  // What cannot be applied takes no file's place.
  if (prepared.obstacle !== undefined && replaced !== undefined) throw prepared.obstacle.error;
  return prepared;
}

interface Parts {
  readonly sources: readonly MigrationSource[];
  readonly alreadyApplied?: readonly MigrationFile[];
  readonly toWrite?: FileToWrite;
  readonly warnings?: readonly string[];
  /** Goes into the plan's id beside the files. */
  readonly bond?: string;
  /** Of SQL that has no file yet: the header above it holds the time, which a plan's id must not depend on. */
  readonly checksum?: string;
}

async function assemble(project: Project, parts: Parts): Promise<Prepared> {
  const { migrations, obstacle } = await planAll(project, parts.sources);
  const target = project.database.target.id;
  const expectsHistory = digestHistory(project.history);
  const { checksum, bond } = parts;
  const digested =
    checksum === undefined ? migrations : migrations.map((migration) => ({ ...migration, checksum }));
  const isVersionOpen = checksum !== undefined;
  const ofFiles = digestMigrations(digested, isVersionOpen ? "open" : "settled");
  const expectsFiles = bond === undefined ? ofFiles : toChecksum(`${bond} ${ofFiles}`);
  return {
    project,
    plan: {
      formatVersion: 2,
      purpose: "apply",
      target,
      expectsHistory,
      expectsFiles,
      isVersionOpen,
      migrations,
    },
    obstacle,
    alreadyApplied: parts.alreadyApplied ?? [],
    toWrite: parts.toWrite,
    warnings: parts.warnings ?? [],
  };
}

async function planAll(
  project: Project,
  sources: readonly MigrationSource[],
): Promise<{ readonly migrations: readonly PlannedMigration[]; readonly obstacle: Obstacle | undefined }> {
  const unfinished = new Map(project.history.unfinished.map((run) => [run.version, run]));
  const migrations: PlannedMigration[] = [];
  for (const source of sources) {
    try {
      const migration = await planMigration(source, unfinished.get(source.version));
      assertReachable(project, migration);
      migrations.push(migration);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return { migrations, obstacle: { source, error } };
    }
  }
  return { migrations, obstacle: undefined };
}

/** Steps outside a transaction need a session of their own, which a transaction pooler does not give. */
function assertReachable({ database }: Project, migration: PlannedMigration): void {
  if (migration.keepsData === true && database.transport === "batch") {
    throw new EngineError(
      "needs_session",
      `${migration.fileName} asks to keep what it destroys, which is copied in a session.`,
      { file: migration.fileName, version: migration.version },
    );
  }
  if (database.target.pooling === "none" || !isStepwise(migration)) return;
  const why =
    database.transport === "batch"
      ? `every request to ${database.target.label} is one`
      : `${database.target.label} is a transaction pooler`;
  throw new EngineError(
    "needs_session",
    `${migration.fileName} holds a statement that cannot run in a transaction, and ${why}.`,
    { file: migration.fileName, version: migration.version },
  );
}

/** Where everything pending is applied, what somebody may think is a part of it. */
function warnOfFilesLeft(
  { contents, reconciliation }: Project,
  request: ApplyMigrationRequest,
): readonly string[] {
  if (request.version !== undefined || request.file !== undefined) return [];
  const older = reconciliation.statuses.flatMap((status) =>
    status.kind === "out_of_order" ? [status.file.fileName] : [],
  );
  const passedOver = warnOfPassedOver(contents.findings);
  if (older.length === 0) return passedOver;
  return [
    ...passedOver,
    `Not applied, because newer versions were applied before them: ${listFew(older, 5, (name) => name)}. Apply each by its version, or give it a newer one.`,
  ];
}
