import type { SessionDatabase } from "../ports.ts";

/** Which database to work on, as the settings say. */
export type TargetSettings =
  | {
      readonly kind: "embedded";
      readonly dataDir: string | "memory";
      /** The folder as people are told it; the folder itself where absent. */
      readonly shownDir?: string;
      readonly projectId?: string;
    }
  | { readonly kind: "postgres"; readonly url: string; readonly projectId?: string };

/**
 * Opens the target; its driver is loaded here and not before. The embedded database is started, a server is not yet connected.
 * Throws `invalid_settings`, `target_in_use`, `target_unreachable`.
 */
export async function openDatabase(target: TargetSettings): Promise<SessionDatabase> {
  if (target.kind === "embedded") {
    const { openPglite } = await import("./open-pglite.ts");
    return openPglite(target);
  }
  const { openPostgres } = await import("./postgres.ts");
  return openPostgres(target);
}
