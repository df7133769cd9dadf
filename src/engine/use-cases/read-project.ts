import { readFrom } from "../database/transport.ts";
import { reconcile } from "../compare/reconcile.ts";
import { readHistory } from "../history/read-history.ts";
import type { History } from "../model/history.ts";
import type { Reconciliation } from "../model/reconciliation.ts";
import type { Database, FolderContents, MigrationFolder } from "../ports.ts";
import type { CallContext } from "../requests.ts";
import { openTarget, type EngineContext } from "./context.ts";

/** Files and history as they are now, and how they stand to each other. */
export interface Project {
  readonly database: Database;
  readonly folder: MigrationFolder;
  readonly contents: FolderContents;
  readonly history: History;
  readonly reconciliation: Reconciliation;
}

/** Reads folder and history side by side. */
export async function readProject(engine: EngineContext, call: CallContext): Promise<Project> {
  const database = await openTarget(engine, call);
  const folder = await engine.openFolder();
  const [contents, history] = await Promise.all([folder.read(), readFrom(database, readHistory)]);
  const reconciliation = reconcile({ files: contents.files, history });
  return { database, folder, contents, history, reconciliation };
}
