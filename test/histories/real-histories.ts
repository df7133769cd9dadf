import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Where the real histories lie beside the checkout; the tests that read them are skipped where they are absent. */
export const historiesDir = path.resolve(import.meta.dirname, "../../../shared/data/histories");
export const hasHistories = existsSync(historiesDir);

/** What a plain replay of one file did: the whole file as one message, `RESET ALL` before. */
interface ReplayFailure {
  readonly file: string;
  readonly sqlstate: string;
  readonly fails_on: readonly string[];
}

export interface RealHistory {
  readonly name: string;
  readonly migrationsDir: string;
  readonly meta: {
    readonly sql_top_level: number;
    readonly match_cli_pattern: number;
    readonly invalid_timestamps: readonly string[];
    readonly duplicate_versions: Readonly<Record<string, number>>;
  };
  readonly replay: {
    readonly failed: readonly ReplayFailure[];
    readonly engines: Readonly<
      Record<string, { readonly first_failure_file: string | null; readonly failed_files: number }>
    >;
  };
  /** The files that the Supabase CLI takes, by the bytes of their names: the order of the plain replay. */
  readonly fileNames: readonly string[];
}

/** Every history that has statistics and a replay. */
export function readHistories(): readonly RealHistory[] {
  if (!hasHistories) return [];
  return readdirSync(historiesDir)
    .toSorted()
    .filter((name) => existsSync(path.join(historiesDir, name, "REPLAY.json")))
    .map((name) => {
      const migrationsDir = path.join(historiesDir, name, "migrations");
      return {
        name,
        migrationsDir,
        meta: JSON.parse(readFileSync(path.join(historiesDir, name, "META.json"), "utf8")),
        replay: JSON.parse(readFileSync(path.join(historiesDir, name, "REPLAY.json"), "utf8")),
        fileNames: readdirSync(migrationsDir, { withFileTypes: true })
          .filter((entry) => !entry.isDirectory() && /^[0-9]+_.*\.sql$/.test(entry.name))
          .map((entry) => entry.name)
          .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      };
    });
}
