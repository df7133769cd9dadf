import { EngineError } from "../../errors.ts";
import type { ArchivedFile } from "../../ports.ts";
import type { ReconcileStep } from "./reconcile-step.ts";

const shownNames = 20;

/** One step for each archived file that comes back under its original name. Throws `file_not_found`, `file_not_readable`. */
export function restoreArchived(
  wanted: readonly string[],
  archive: readonly ArchivedFile[],
): readonly ReconcileStep[] {
  return wanted.map((file) => {
    const found = archive.find((entry) => entry.file === file);
    if (found === undefined) throw notArchived(file, archive);
    if (found.state !== "kept") {
      throw new EngineError(
        "file_not_readable",
        `${file} is ${found.state}, so it is not what was archived.`,
        {
          hint: "Restore the archive from version control first.",
          file,
        },
      );
    }
    const why = `back from the archive, where it went because: ${found.reason}`;
    const { originalName, version } = found;
    return {
      action: "restore_archived",
      version,
      file,
      to: originalName,
      why,
      files: [{ kind: "restore", archivedFile: file, to: originalName, reason: why }],
      rows: [],
    };
  });
}

function notArchived(file: string, archive: readonly ArchivedFile[]): EngineError {
  const names = archive.slice(0, shownNames).map((entry) => entry.file);
  const more = archive.length > shownNames ? ` and ${archive.length - shownNames} more` : "";
  const there = names.length === 0 ? "It lists none." : `It lists ${names.join(", ")}${more}.`;
  return new EngineError(
    "file_not_found",
    `The archive's manifest lists no ${JSON.stringify(file.slice(0, 100))}. ${there}`,
    { hint: "Give the file's name as it is in the archive." },
  );
}
