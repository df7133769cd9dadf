import type { ArchiveRow } from "../model/report.ts";
import type { FolderContents } from "../ports.ts";
import { countFitting } from "./page.ts";

/** The archive as far as there is room, what is wrong with it first and then the newest, and how to bring a file back. */
export function describeArchive(
  contents: Pick<FolderContents, "archiveEntries" | "archived">,
  maxCharacters: number,
): { readonly archive: readonly ArchiveRow[]; readonly archive_left_out?: number } {
  const rows = listArchive(contents).toSorted((a, b) => rankOf(a) - rankOf(b));
  const archive = rows.slice(0, countFitting(rows, maxCharacters));
  const leftOut = rows.length - archive.length;
  return { archive, ...(leftOut === 0 ? {} : { archive_left_out: leftOut }) };
}

/** The call that brings an archived file back, where there is one to bring back. */
export function adviseOnArchive({
  archiveEntries,
}: Pick<FolderContents, "archiveEntries">): readonly string[] {
  return archiveEntries.some(({ state }) => state === "kept")
    ? ['reconcile_history { actions: ["restore_archived <file>"] } plans to bring an archived file back.']
    : [];
}

function listArchive({
  archiveEntries,
  archived,
}: Pick<FolderContents, "archiveEntries" | "archived">): readonly ArchiveRow[] {
  const listed = new Set(archiveEntries.map(({ file }) => file));
  const rows = archiveEntries.toReversed().map(({ file, originalName, archivedAt, reason, state }) => ({
    file,
    original_name: originalName,
    archived_at: archivedAt,
    reason,
    state,
  }));
  const names = archived.map((below) => below.slice(below.indexOf("/") + 1));
  return [
    ...rows,
    ...names.filter((name) => !listed.has(name)).map((file) => ({ file, state: "unlisted" as const })),
  ];
}

function rankOf({ state }: ArchiveRow): number {
  return { missing: 0, changed: 0, kept: 1, unlisted: 2 }[state];
}
