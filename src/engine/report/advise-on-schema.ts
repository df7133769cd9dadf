import type { SchemaComparison } from "../model/schema-drift-report.ts";
import type { SchemaAnswer } from "./describe-files-comparison.ts";

/** PGlite has no build of some extensions: what needs them shows as drift until a server replays it. */
export function adviseServer(
  section: SchemaComparison | undefined,
  shadowUrl: string | undefined,
): readonly string[] {
  const isLacking = (section?.not_replayed ?? []).some(({ file }) => file.startsWith("extension "));
  if (!isLacking || shadowUrl !== undefined) return [];
  return [
    "ask the user to start Godwit with --shadow-url and an empty database on a server that has the extensions named in not_replayed: without them, what needs them counts as missing",
  ];
}

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
        'What a pending file explains is live already: applying that file may fail with «already exists»; reconcile_history { actions: ["mark_applied <version>"] } records it without running it.',
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
