import { alignVersions } from "../catalog/align-versions.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { explainChanges, type PendingStage } from "../compare/explain-changes.ts";
import { ident, sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog, Change } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import { alignViews } from "../shadow/align-views.ts";
import type { Shadow } from "../shadow/replay.ts";
import { listSteps, replayFile, type ReplayFile } from "../shadow/replay-file.ts";
import type { EngineContext } from "./context.ts";
import { listReplayable, pendingStates, withFilesReplayed } from "./open-shadow.ts";
import type { Project } from "./read-project.ts";

/**
 * Which differences files explain that are not applied yet, by replaying them on top of the applied ones. Undefined where such a file ends
 * its shadow: what it would do is then not known.
 */
export async function explainByPending(given: {
  readonly engine: EngineContext;
  readonly project: Project;
  readonly live: Catalog;
  readonly changes: readonly Change[];
}): Promise<ReadonlyMap<string, string> | undefined> {
  const { engine, project, live, changes } = given;
  const pending = listReplayable(project, pendingStates);
  if (pending.length === 0) return new Map();
  try {
    return await withFilesReplayed(engine, { project, live }, async (shadow) =>
      explainChanges(changes, await readStages({ shadow, live, pending, startClean })),
    );
  } catch (error) {
    if (error instanceof DatabaseError && error.connectionLost) return undefined;
    throw error;
  }
}

/** What still differs after each of the files, in a shadow that is as those before them leave it; `startClean` readies its session for the next file. */
export async function readStages(given: {
  readonly shadow: Shadow;
  readonly live: Catalog;
  readonly pending: readonly ReplayFile[];
  readonly startClean: (session: Session, role: string) => Promise<void>;
}): Promise<readonly PendingStage[]> {
  const { shadow, live, pending } = given;
  const session = await shadow.openSession();
  const openSession = async () => session;
  const stages: PendingStage[] = [];
  for (const file of pending) {
    await replayFile({ session, file, steps: listSteps(file, new Map()), onStatement: () => undefined });
    await given.startClean(session, live.currentRole);
    const { left, right } = alignVersions(live, await readCatalog(session));
    const aligned = await alignViews(left, { catalog: right, findings: [], openSession });
    stages.push({ file: file.path, changes: diffCatalogs(aligned, right) });
  }
  return stages;
}

/** Leaves the session as the next file finds it. A server goes back to whoever logged in, PGlite to nobody: the role is set on both sides of it. */
export async function startClean(session: Session, role: string): Promise<void> {
  await session.run(sql`set session authorization ${ident(role)}`);
  await session.run(sql`discard all`);
  await session.run(sql`set session authorization ${ident(role)}`);
}
