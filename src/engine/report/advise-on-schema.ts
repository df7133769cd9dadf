import type { SchemaAnswer } from "./describe-files-comparison.ts";

/** The next calls that differences of the live schema ask for. */
export function adviseOnSchema({ section, items }: SchemaAnswer): readonly string[] {
  const [candidate] = section.rename_candidates ?? [];
  const asked =
    candidate === undefined
      ? []
      : [
          `Ask a person about each of schema.rename_candidates, then give renames: ["${candidate.if_renamed}"] or ["${candidate.if_not}"] to create_migration.`,
        ];
  const explained = section.not_drift?.some((item) => item.explained_by !== undefined)
    ? [
        "What a pending file explains is live already: that file may fail with «already exists»; it is to be marked applied rather than applied.",
      ]
    : [];
  if (items.length === 0 || section.scripts === undefined) return explained;
  return [
    ...asked,
    'create_migration { name: "undo_drift", from_drift: "live_to_files" } writes what brings the live schema back to the files; apply_migration then applies it.',
    'create_migration { name: "keep_drift", from_drift: "files_to_live" } writes what is live already into a file, where it is to be kept.',
    ...explained,
  ];
}
