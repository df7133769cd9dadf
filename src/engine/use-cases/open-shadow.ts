import { factKey, type Catalog } from "../model/catalog.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { MigrationState } from "../model/reconciliation.ts";
import { alignGrantEra } from "../shadow/default-privileges.ts";
import { withServerShadow } from "../shadow/replay-on-server.ts";
import { withShadow, type Shadow } from "../shadow/replay.ts";
import type { ReplayFile } from "../shadow/replay-file.ts";
import type { EngineContext } from "./context.ts";
import type { Project } from "./read-project.ts";

/** A shadow whose catalog is told with the live database's default privileges where only the era of the project decides them. */
export interface AlignedShadow extends Shadow {
  /** The catalog as it is in the shadow. */
  readonly replayed: Catalog;
}

/**
 * Replays the files whose SQL has run in an empty database of the live one's kind, and lets `use` work with what they produce.
 * Pending files are left out: what they will change is not drift.
 */
export async function withFilesReplayed<T>(
  engine: EngineContext,
  { project, live }: { readonly project: Project; readonly live: Catalog },
  use: (shadow: AlignedShadow) => Promise<T>,
): Promise<T> {
  return withSqlReplayed(engine, { project, live, files: listReplayable(project, appliedStates) }, use);
}

/** The same for the given SQL in place of the project's files. */
export async function withSqlReplayed<T>(
  engine: EngineContext,
  request: ShadowRequest,
  use: (shadow: AlignedShadow) => Promise<T>,
): Promise<T> {
  const { live } = request;
  const useAligned = (shadow: Shadow) =>
    use({ ...shadow, catalog: alignGrantEra(shadow.catalog, live), replayed: shadow.catalog });
  return openReplay(engine, request, useAligned);
}

/** As `withSqlReplayed`, but with nothing of the live database in the shadow beforehand, as far as the shadow is ours. */
export async function withEmptyShadow<T>(
  engine: EngineContext,
  request: ShadowRequest,
  use: (shadow: Shadow) => Promise<T>,
): Promise<T> {
  const { files, live } = request;
  const { cacheFolder, url } = engine.shadow;
  if (url !== undefined) return openReplay(engine, request, use);
  return withShadow({ files, likeness: likenessOf(live), cacheFolder }, use);
}

interface ShadowRequest {
  readonly project: Project;
  readonly live: Catalog;
  readonly files: readonly ReplayFile[];
}

async function openReplay<T>(
  engine: EngineContext,
  { project, live, files }: ShadowRequest,
  use: (shadow: Shadow) => Promise<T>,
): Promise<T> {
  const { cacheFolder, url } = engine.shadow;
  const request = { files, likeness: likenessOf(live), live };
  if (url === undefined) return withShadow({ ...request, cacheFolder }, use);
  const database = await engine.openOther(url, "--shadow-url");
  try {
    return await withServerShadow({ ...request, database, target: project.database }, use);
  } finally {
    await database.close();
  }
}

/** Files whose SQL the live schema should show. */
export const appliedStates: readonly MigrationState[] = ["applied", "renamed", "edited", "renumbered"];

/** Files whose SQL it may show already, although nothing says so. */
export const pendingStates: readonly MigrationState[] = ["pending", "out_of_order", "incomplete"];

/** The files of these states, in the order of application, as far as they can be read. */
export function listReplayable(
  { reconciliation, folder }: Project,
  states: readonly MigrationState[],
): readonly ReplayFile[] {
  const files = reconciliation.statuses.flatMap((status): readonly MigrationFile[] =>
    states.includes(status.kind) && status.kind !== "missing_file" && status.file !== undefined
      ? [status.file]
      : [],
  );
  return files.flatMap(({ fileName, content }) =>
    content.kind === "sql" ? [{ path: `${folder.label}/${fileName}`, sql: content.sql }] : [],
  );
}

/** A database with Supabase's own `auth` schema is compared with files on top of a fresh Supabase project. */
export function likenessOf(live: Catalog): "supabase" | "postgres" {
  const auth = live.facts.get(factKey({ kind: "schema", name: "auth" }));
  return auth !== undefined && auth.provenance === "platform" ? "supabase" : "postgres";
}
