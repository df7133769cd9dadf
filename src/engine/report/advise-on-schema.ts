import type { SchemaComparison } from "../model/schema-drift-report.ts";
import { adviseNext, type Counts } from "./advice.ts";
import type { SchemaAnswer } from "./describe-files-comparison.ts";

/** PGlite has no build of some extensions: what needs them shows as drift until a server replays it. */
export function adviseServer(
  section: SchemaComparison | undefined,
  shadowUrl: string | undefined,
): readonly string[] {
  const isLacking = (section?.not_replayed ?? []).some(({ file }) => file.startsWith("extension "));
  if (!isLacking || shadowUrl !== undefined) return [];
  return [adviseServerWith(["the extensions named in not_replayed"], shadowUrl)];
}

/** The same for extensions by name. */
export function adviseServerWith(extensions: readonly string[], shadowUrl: string | undefined): string {
  const which = shadowUrl === undefined ? "a server" : "another server, one";
  return `ask the user to start Godwit with --shadow-url and an empty database on ${which} that has ${extensions.join(", ")}: without them, what needs them counts as missing`;
}

/** The extensions that the server of an empty database does not have, read from why statements did not run. */
export function lackingExtensions(failures: readonly { readonly cause: string }[]): readonly string[] {
  const names = failures.flatMap(({ cause }) => {
    const name = /^extension "([A-Za-z0-9_-]+)" is not available$/.exec(cause)?.[1];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)].toSorted();
}

/** The next calls that differences ask for. Files and history come first where migrations without a file make SQL from drift unsafe. */
export function adviseOnDrift(counts: Counts, answer: SchemaAnswer | undefined): readonly string[] {
  const steps = (adviseNext(counts).next_steps ?? []).filter((step) => !step.startsWith("detect_drift"));
  if (answer === undefined) return steps;
  const unsafe = hasScripts(answer) ? describeUnsafeDrift(counts.missing_file ?? 0) : undefined;
  if (unsafe === undefined) return [...steps, ...adviseOnSchema(answer)];
  return [
    `reconcile_history {} comes first: ${unsafe}. Once the files are back, detect_drift {} tells what was made by hand.`,
    ...steps.filter((step) => !step.startsWith("reconcile_history")),
    ...adviseOnExplained(answer),
  ];
}

/** Why no SQL is to be made from the drift of the live schema yet; undefined where nothing speaks against it. */
export function describeUnsafeDrift(missingFiles: number): string | undefined {
  if (missingFiles === 0) return undefined;
  const migrations =
    missingFiles === 1
      ? "1 applied migration has no file"
      : `${missingFiles} applied migrations have no file`;
  return `${migrations}, so what only such a migration made counts as drift of the live schema, and SQL from it (from_drift: "live_to_files") would drop it`;
}

function hasScripts({ section, items }: SchemaAnswer): boolean {
  return items.length > 0 && section.scripts !== undefined;
}

const shownVersions = 12;

/** The call that records the pending files whose objects are live already; a file whose name holds no version is left to the reader. */
function adviseOnExplained({ section }: SchemaAnswer): readonly string[] {
  const files = (section.not_drift ?? []).flatMap(({ explained_by: file }) => file ?? []);
  if (files.length === 0) return [];
  const versions = files.flatMap((file) => /(\d+)_[^/]*$/.exec(file)?.[1] ?? []);
  const shown = [...new Set(versions)].toSorted().slice(0, shownVersions);
  const actions = shown.map((version) => `"mark_applied ${version}"`).join(", ");
  return [
    `What a pending file explains is live already: applying that file may fail with «already exists». Where all of it has run, reconcile_history { actions: [${actions}], reason: "…" } records it without running it.`,
  ];
}

function adviseOnSchema(answer: SchemaAnswer): readonly string[] {
  const { section } = answer;
  const [candidate] = section.rename_candidates ?? [];
  const asked =
    candidate === undefined
      ? []
      : [
          `Ask a person about each of schema.rename_candidates, then give renames: ["${candidate.if_renamed}"] or ["${candidate.if_not}"] to create_migration.`,
        ];
  if (!hasScripts(answer)) return adviseOnExplained(answer);
  return [
    ...asked,
    'create_migration { name: "undo_drift", from_drift: "live_to_files" } writes what brings the live schema back to the files; apply_migration then applies it.',
    'create_migration { name: "keep_drift", from_drift: "files_to_live" } writes what is live already into a file, where it is to be kept.',
    ...adviseOnExplained(answer),
  ];
}
