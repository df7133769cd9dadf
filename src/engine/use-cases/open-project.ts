import { warnOfMissingFolder } from "../report/warn-of-folder.ts";
import type { CallContext } from "../requests.ts";
import type { EngineContext } from "./context.ts";
import { readProject, type Project } from "./read-project.ts";
import { settleUnfinishedChanges } from "./settle-changes.ts";

/** What a writer begins with. */
export interface OpenedProject {
  readonly project: Project;
  /** What the caller is told first. */
  readonly warnings: readonly string[];
}

/** Finishes or undoes what was cut off, then reads files and history. Throws as `settleUnfinishedChanges`. */
export async function openProject(engine: EngineContext, call: CallContext): Promise<OpenedProject> {
  const settled = await settleUnfinishedChanges(engine, call);
  const project = await readProject(engine, call);
  return { project, warnings: [...settled, ...warnOfMissingFolder(project.contents.findings)] };
}
