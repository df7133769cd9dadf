import type { Clock, MigrationFolder } from "../ports.ts";
import { archiveFile } from "./archive.ts";
import { changeFiles, keepChanges, undoChanges } from "./change-files.ts";
import { digestFile, listJournals, readJournal } from "./change-journal.ts";
import { toShownPath } from "./paths.ts";
import { readPhaseFiles, writePhaseFile } from "./phases-folder.ts";
import { readFolder } from "./read-folder.ts";
import { writeMigration } from "./write-migration.ts";

interface FolderSettings {
  /** Absolute. */
  readonly dir: string;
  /** Absolute; shown paths are relative to it. */
  readonly projectDir: string;
  /** Named by somebody, who is told where it is not there. */
  readonly isGiven?: boolean;
  readonly clock: Pick<Clock, "now">;
}

/** The migrations folder on disk. Nothing is touched before the first call; a folder that is not there reads as empty. */
export function openFolder({ dir, projectDir, isGiven = false, clock }: FolderSettings): MigrationFolder {
  return {
    label: toShownPath(dir, projectDir),
    read: () => readFolder({ dir, projectDir, isGiven, now: clock.now() }),
    write: async (file) => toShownPath(await writeMigration({ dir, projectDir, ...file }), projectDir),
    archive: async (file) =>
      toShownPath(await archiveFile({ dir, projectDir, now: clock.now(), ...file }), projectDir),
    readPhases: () => readPhaseFiles(dir),
    writePhase: async (file) => toShownPath(await writePhaseFile(dir, projectDir, file), projectDir),
    sha256Of: (fileName) => digestFile(dir, fileName),
    change: (order) => changeFiles({ dir, projectDir, now: clock.now(), ...order }),
    keepChanges: (runId) => keepChanges(dir, runId),
    undoChanges: (runId) => undoChanges(dir, runId),
    unfinishedChanges: () => listJournals(dir),
    unfinishedChange: (runId) => readJournal(dir, runId),
  };
}
