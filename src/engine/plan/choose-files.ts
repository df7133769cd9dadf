import { EngineError } from "../errors.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { MigrationStatus, Reconciliation } from "../model/reconciliation.ts";

/** Which files a call asks to apply. */
export interface Choice {
  readonly version?: string;
  /** A bare file name, or its path as shown. */
  readonly file?: string;
}

export type Chosen =
  | { readonly kind: "run"; readonly files: readonly MigrationFile[] }
  | { readonly kind: "already_applied"; readonly file: MigrationFile };

/**
 * The files to apply, in order: one by version or name, else all that are pending or stopped half-way.
 * Throws `version_not_found`, `file_not_found`, `path_outside_folder`, `not_applicable`.
 */
export function chooseFiles(reconciliation: Reconciliation, choice: Choice, folder: string): Chosen {
  const { statuses } = reconciliation;
  if (choice.file !== undefined) return judge(findByFile(statuses, choice.file, folder));
  if (choice.version !== undefined) return judge(findByVersion(statuses, choice.version));
  return { kind: "run", files: statuses.flatMap(waitingFile) };
}

/** The file that applies when nothing is named, if this is one. Throws `not_applicable` where a half-done one has lost its file. */
export function waitingFile(status: MigrationStatus): readonly MigrationFile[] {
  if (status.kind === "pending") return [status.file];
  if (status.kind !== "incomplete") return [];
  if (status.file !== undefined) return [status.file];
  throw new EngineError(
    "not_applicable",
    `${status.run.version ?? "A migration"} was begun and not finished, and its file is gone.`,
    {
      hint: "Restore the file from version control, then call apply_migration again: it goes on where it stopped.",
    },
  );
}

function findByFile(statuses: readonly MigrationStatus[], given: string, folder: string): MigrationStatus {
  const fileName = given.startsWith(`${folder}/`) ? given.slice(folder.length + 1) : given;
  if (/[/\\\0]/.test(fileName)) {
    throw new EngineError("path_outside_folder", `${JSON.stringify(given)} is not a file of ${folder}.`);
  }
  const found = statuses.find((status) => fileOf(status)?.fileName === fileName);
  if (found === undefined)
    throw new EngineError("file_not_found", `${folder} has no migration file ${fileName}.`);
  return found;
}

function findByVersion(statuses: readonly MigrationStatus[], version: string): MigrationStatus {
  const ofFiles = statuses.filter((status) => fileOf(status)?.version === version);
  const holder = ofFiles.find((status) => status.kind !== "duplicate_version");
  const recorded = statuses.find(
    (status) => status.kind === "missing_file" && status.entry.version === version,
  );
  const found =
    holder ??
    recorded ??
    statuses.find((status) => status.kind === "renumbered" && status.entry.version === version);
  if (found === undefined)
    throw new EngineError("version_not_found", `No migration has the version ${version}.`);
  return found;
}

/** The file that a status is about, if it has one. */
export function fileOf(status: MigrationStatus): MigrationFile | undefined {
  return status.kind === "missing_file" ? undefined : status.file;
}

function judge(status: MigrationStatus): Chosen {
  switch (status.kind) {
    case "pending":
    case "out_of_order":
      return { kind: "run", files: [status.file] };
    case "incomplete":
      return { kind: "run", files: waitingFile(status) };
    case "applied":
    case "renamed":
      return { kind: "already_applied", file: status.file };
    case "edited":
      throw refuse(
        `${status.file.fileName} was applied with other SQL than it holds now`,
        "Restore the file, and put the change into a new migration with create_migration.",
      );
    case "renumbered":
      throw refuse(
        `The SQL of ${status.file.fileName} was applied as ${status.entry.version}`,
        "Do not apply it again; rename the file to the recorded version.",
      );
    case "duplicate_version":
      throw refuse(
        `${status.file.fileName} has the same version as ${status.holder.fileName}`,
        "Give the file a version of its own first.",
      );
    case "missing_file":
      throw refuse(
        `${status.entry.version} is recorded as applied and has no file`,
        "There is nothing to apply; restore the file from version control.",
      );
    case "skipped":
      throw refuse(
        `The Supabase CLI passes over ${status.file.fileName}, so applying it would part the two`,
        "Give the file another name than init.",
      );
  }
}

function refuse(fact: string, hint: string): EngineError {
  return new EngineError("not_applicable", `${fact}.`, { hint });
}
