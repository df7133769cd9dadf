import { readFrom } from "../database/transport.ts";
import { readLiveSchema } from "../execute/read-live-catalog.ts";
import { alignVersions } from "../catalog/align-versions.ts";
import { readSetUpRows } from "../catalog/set-up-rows.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import type { Catalog, Change } from "../model/catalog.ts";
import type { MigrationStatus } from "../model/reconciliation.ts";
import type { Version } from "../model/version.ts";
import type { SetUpRows } from "../model/set-up-rows.ts";
import { alignViews } from "../shadow/align-views.ts";
import type { ReplayFile, ReplayFinding } from "../shadow/replay-file.ts";
import { comparable } from "../compare/sort-changes.ts";
import type { EngineContext } from "./context.ts";
import { withSqlReplayed } from "./open-shadow.ts";
import type { Project } from "./read-project.ts";

/** What a baseline has to lead to. */
export interface BaselineTarget {
  readonly from: "live" | "files";
  /** The live schema, whatever the baseline is made from. */
  readonly live: Catalog;
  readonly catalog: Catalog;
  readonly rows: SetUpRows;
  /** Statements of the files that did not run, where it is made from files. */
  readonly notReplayed: readonly ReplayFinding[];
}

/** Reads the live schema, or replays what was applied. */
export async function readBaselineTarget(
  engine: EngineContext,
  project: Project,
  from: "live" | "files",
): Promise<BaselineTarget> {
  const live = await readLiveSchema(project.database);
  const read = { live, rows: await readFrom(project.database, (reader) => readSetUpRows(reader, live)) };
  if (from === "live") return { from, ...read, catalog: read.live, notReplayed: [] };
  return withSqlReplayed(
    engine,
    { project, live: read.live, files: appliedSql(project) },
    async (shadow) => ({
      from,
      live: read.live,
      catalog: shadow.catalog,
      rows: await readSetUpRows(await shadow.openSession(), shadow.catalog),
      notReplayed: shadow.findings,
    }),
  );
}

/** How the live schema and what the applied migrations produce differ; undefined where that cannot be said. */
export async function compareAdopted(
  engine: EngineContext,
  project: Project,
  live: Catalog,
): Promise<readonly Change[] | undefined> {
  if (project.history.entries.some((entry) => !hasSql(project, entry.version))) return undefined;
  return withSqlReplayed(engine, { project, live, files: appliedSql(project) }, async (shadow) => {
    if (shadow.findings.length > 0) return undefined;
    const { left, right } = alignVersions(live, shadow.catalog);
    const aligned = await alignViews(left, { ...shadow, catalog: right });
    return comparable(diffCatalogs(aligned, right));
  });
}

/** What was applied beside what these versions recorded, in order. */
export function appliedBeside(project: Project, replaced: ReadonlySet<Version>): readonly ReplayFile[] {
  const others = project.reconciliation.statuses.filter(
    (status) => "entry" in status && !replaced.has(status.entry.version),
  );
  return appliedSql({ folder: project.folder, reconciliation: { statuses: others } });
}

/** What was applied, in order: the file where there is one, else what the history recorded. */
function appliedSql({
  reconciliation,
  folder,
}: Pick<Project, "reconciliation" | "folder">): readonly ReplayFile[] {
  return reconciliation.statuses.flatMap((status): readonly ReplayFile[] => {
    if (status.kind === "missing_file") {
      const { version, statements } = status.entry;
      return statements === undefined
        ? []
        : [{ path: `history entry ${version}`, sql: `${statements.join(";\n")};\n` }];
    }
    if (!replayed.has(status.kind) || status.file?.content.kind !== "sql") return [];
    return [{ path: `${folder.label}/${status.file.fileName}`, sql: status.file.content.sql }];
  });
}

const replayed: ReadonlySet<MigrationStatus["kind"]> = new Set([
  "applied",
  "renamed",
  "edited",
  "renumbered",
] as const);

function hasSql({ reconciliation }: Project, version: string): boolean {
  return reconciliation.statuses.some((status) => {
    if (!("entry" in status) || status.entry.version !== version) return false;
    return status.kind !== "missing_file" || status.entry.statements !== undefined;
  });
}
