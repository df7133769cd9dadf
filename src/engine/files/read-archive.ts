import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Finding } from "../model/finding.ts";
import { toBytesChecksum } from "./checksum.ts";
import type { ArchivedFile } from "../ports.ts";
import { listJournals, stagingFolder } from "./change-journal.ts";
import {
  archiveFolderName,
  manifestFileName,
  readManifest,
  type Manifest,
  type ManifestEntry,
} from "./manifest.ts";
import { mapBounded } from "./map-bounded.ts";
import { compareFileNames } from "./naming.ts";
import { toShownPath } from "./paths.ts";

export interface ArchiveContents {
  /** The `.sql` files in `archive/` and below, by their path below the migrations folder. */
  readonly archived: readonly string[];
  /** What the manifest lists, in the order of archiving. */
  readonly entries: readonly ArchivedFile[];
  readonly findings: readonly Finding[];
}

/** Lists the archive and compares it with its manifest. Files that the manifest does not name are told where there is one. */
export async function readArchive(dir: string, projectDir: string): Promise<ArchiveContents> {
  const archiveDir = path.join(dir, archiveFolderName);
  const manifestPath = path.join(archiveDir, manifestFileName);
  const archived = await listSql(archiveDir);
  const unfinished = await unfinishedFindings(dir, projectDir);
  const found = await readManifest(manifestPath);
  if (found.kind === "broken") {
    const message = `The archive's manifest ${found.message}, so the archived files cannot be checked.`;
    const broken = mismatch(toShownPath(manifestPath, projectDir), message);
    return { archived, entries: [], findings: [...unfinished, broken] };
  }
  if (found.kind !== "manifest") return { archived, entries: [], findings: unfinished };
  const checked = await mapBounded(found.manifest.entries, async (entry) => ({
    entry,
    verdict: await verifyEntry(archiveDir, entry),
  }));
  const findings = checked.flatMap(({ entry, verdict }) => {
    const shown = toShownPath(path.join(archiveDir, path.basename(entry.file)), projectDir);
    return verdict === undefined ? [] : [mismatch(shown, verdict.message)];
  });
  return {
    archived,
    entries: checked.map(({ entry, verdict }) => toArchivedFile(entry, verdict?.state ?? "kept")),
    findings: [
      ...unfinished,
      ...findings,
      ...unlistedFindings(archived, found.manifest, (below) =>
        toShownPath(path.join(dir, below), projectDir),
      ),
    ],
  };
}

function toArchivedFile(entry: ManifestEntry, state: ArchivedFile["state"]): ArchivedFile {
  const { file, originalName, version, archivedAt, reason } = entry;
  return { file, originalName, version, archivedAt, reason, state };
}

/** A change that was cut off, or is under way in another process. */
async function unfinishedFindings(dir: string, projectDir: string): Promise<readonly Finding[]> {
  const runIds = await listJournals(dir);
  return runIds.map((runId) => ({
    code: "unfinished_change",
    severity: "error",
    message: `A change of files and history (run ${runId}) is under way or was cut off.`,
    hint: `The next call that writes finishes or undoes it: reconcile_history {} does only that and plans. Where its database is gone, actions: ["undo_change ${runId}"] plans how its files get back.`,
    file: toShownPath(`${stagingFolder(dir, runId)}.json`, projectDir),
  }));
}

function unlistedFindings(
  archived: readonly string[],
  { entries }: Manifest,
  shownPathOf: (below: string) => string,
): readonly Finding[] {
  const listed = new Set(entries.map(({ file }) => `${archiveFolderName}/${file}`));
  return archived
    .filter((below) => !listed.has(below))
    .map((below) => ({
      code: "archive_unlisted",
      severity: "info",
      message:
        "The archive's manifest does not name the file, so nobody can tell whether it is what was archived.",
      hint: "Fine for files that people put there; Godwit leaves them alone.",
      file: shownPathOf(below),
    }));
}

async function listSql(archiveDir: string): Promise<readonly string[]> {
  const entries = await readdir(archiveDir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && /\.sql$/i.test(entry.name))
    .map((entry) =>
      [archiveFolderName, path.relative(archiveDir, path.join(entry.parentPath, entry.name))].join("/"),
    )
    .map((below) => below.split(path.sep).join("/"))
    .toSorted(compareFileNames);
}

interface Verdict {
  readonly state: "missing" | "changed";
  readonly message: string;
}

async function verifyEntry(archiveDir: string, entry: ManifestEntry): Promise<Verdict | undefined> {
  if (entry.file !== path.basename(entry.file)) {
    const message = `The manifest names ${JSON.stringify(entry.file)}, which is not a bare file name.`;
    return { state: "missing", message };
  }
  const bytes = await readFile(path.join(archiveDir, entry.file)).catch(() => undefined);
  if (bytes === undefined) {
    return { state: "missing", message: `The manifest names ${entry.file}, and it is not in the archive.` };
  }
  if (toBytesChecksum(bytes) === entry.checksum) return undefined;
  const message = `${entry.file} is no longer what was archived on ${entry.archivedAt}: its checksum differs from the manifest's.`;
  return { state: "changed", message };
}

function mismatch(file: string, message: string): Finding {
  return {
    code: "archive_mismatch",
    severity: "warning",
    message,
    hint: "Restore the archive from version control.",
    file,
  };
}
