import { readFile } from "node:fs/promises";
import { EngineError } from "../errors.ts";
import { systemCodeOf } from "./paths.ts";

/** The folder inside the migrations folder that keeps replaced files; the CLI passes folders over. */
export const archiveFolderName = "archive";
/** The manifest's file name in that folder. */
export const manifestFileName = "manifest.json";

/** One archived file (docs/formats.md, "Archive manifest"). */
export interface ManifestEntry {
  /** The file's name in `archive/`. */
  readonly file: string;
  readonly originalName: string;
  readonly version: string;
  readonly name: string;
  /** The checksum of its text; of its bytes where they are no UTF-8. */
  readonly checksum: string;
  readonly bytes: number;
  /** ISO 8601, UTC, to the second. */
  readonly archivedAt: string;
  readonly reason: string;
}

/** One file that got another name, with the same bytes. */
export interface RenameEntry {
  readonly from: string;
  readonly to: string;
  /** ISO 8601, UTC, to the second. */
  readonly renamedAt: string;
  readonly reason: string;
}

export interface Manifest {
  readonly formatVersion: 1;
  readonly entries: readonly ManifestEntry[];
  readonly renames?: readonly RenameEntry[];
}

/** What stands where the manifest would: nothing, ours, another program's JSON, or something broken. */
export type FoundManifest =
  | { readonly kind: "none" }
  | { readonly kind: "manifest"; readonly manifest: Manifest }
  | { readonly kind: "foreign" }
  | { readonly kind: "broken"; readonly message: string };

/** Reads a manifest; throws `file_not_readable` where the system refuses. */
export async function readManifest(location: string): Promise<FoundManifest> {
  try {
    return parseManifest(await readFile(location, "utf8"));
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "none" };
    throw new EngineError(
      "file_not_readable",
      `${location} cannot be read (${code ?? "unknown error"}).`,
      {},
      error,
    );
  }
}

/** The manifest's bytes: JSON, two spaces, keys in the order of the type, a final newline. */
export function renderManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function parseManifest(text: string): FoundManifest {
  const value = parseJson(text);
  if (value === undefined) return { kind: "broken", message: "is not JSON" };
  if (!isRecord(value) || !("formatVersion" in value)) return { kind: "foreign" };
  if (value["formatVersion"] !== 1) {
    return {
      kind: "broken",
      message: `has format version ${JSON.stringify(value["formatVersion"])}, and 1 is known`,
    };
  }
  const entries = value["entries"];
  if (!Array.isArray(entries) || !entries.every(isEntry)) {
    return { kind: "broken", message: "has entries without the fields that docs/formats.md lists" };
  }
  const renames = value["renames"];
  if (renames === undefined) return { kind: "manifest", manifest: { formatVersion: 1, entries } };
  if (!Array.isArray(renames) || !renames.every(isRename)) {
    return { kind: "broken", message: "has renames without the fields that docs/formats.md lists" };
  }
  return { kind: "manifest", manifest: { formatVersion: 1, entries, renames } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is ManifestEntry {
  const textKeys = ["file", "originalName", "version", "name", "checksum", "archivedAt", "reason"];
  return (
    isRecord(value) &&
    textKeys.every((key) => typeof value[key] === "string") &&
    typeof value["bytes"] === "number"
  );
}

function isRename(value: unknown): value is RenameEntry {
  return (
    isRecord(value) && ["from", "to", "renamedAt", "reason"].every((key) => typeof value[key] === "string")
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
