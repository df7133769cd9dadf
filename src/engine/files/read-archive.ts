import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Finding } from "../model/finding.ts";
import { toBytesChecksum } from "./checksum.ts";
import { archiveFolderName, manifestFileName, readManifest, type ManifestEntry } from "./manifest.ts";
import { mapBounded } from "./map-bounded.ts";
import { compareFileNames } from "./naming.ts";
import { toShownPath } from "./paths.ts";

export interface ArchiveContents {
  /** The `.sql` files in `archive/` and below, by their path below the migrations folder. */
  readonly archived: readonly string[];
  readonly findings: readonly Finding[];
}

/** Lists the archive and compares it with its manifest. Files that the manifest does not name are people's own, and fine. */
export async function readArchive(dir: string, projectDir: string): Promise<ArchiveContents> {
  const archiveDir = path.join(dir, archiveFolderName);
  const manifestPath = path.join(archiveDir, manifestFileName);
  const archived = await listSql(archiveDir);
  const found = await readManifest(manifestPath);
  if (found.kind === "broken") {
    const message = `The archive's manifest ${found.message}, so the archived files cannot be checked.`;
    return { archived, findings: [mismatch(toShownPath(manifestPath, projectDir), message)] };
  }
  if (found.kind !== "manifest") return { archived, findings: [] };
  const findings = await mapBounded(found.manifest.entries, async (entry) => {
    const message = await verifyEntry(archiveDir, entry);
    const shown = toShownPath(path.join(archiveDir, path.basename(entry.file)), projectDir);
    return message === undefined ? [] : [mismatch(shown, message)];
  });
  return { archived, findings: findings.flat() };
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

async function verifyEntry(archiveDir: string, entry: ManifestEntry): Promise<string | undefined> {
  if (entry.file !== path.basename(entry.file)) {
    return `The manifest names ${JSON.stringify(entry.file)}, which is not a bare file name.`;
  }
  const bytes = await readFile(path.join(archiveDir, entry.file)).catch(() => undefined);
  if (bytes === undefined) return `The manifest names ${entry.file}, and it is not in the archive.`;
  if (toBytesChecksum(bytes) === entry.checksum) return undefined;
  return `${entry.file} is no longer what was archived on ${entry.archivedAt}: its checksum differs from the manifest's.`;
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
