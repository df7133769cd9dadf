import type { ProjectReport } from "../model/report.ts";
import { adviseNext } from "../report/advice.ts";
import { countStates, describeCounts, describeStatuses } from "../report/describe-status.ts";
import type { CallContext } from "../requests.ts";
import { newFence, type EngineContext } from "./context.ts";
import { readProject } from "./read-project.ts";

/** The state of the project in a few words, for a person who starts the bare program. */
export async function describeProject(engine: EngineContext, call: CallContext): Promise<ProjectReport> {
  const { folder, contents, reconciliation, database } = await readProject(engine, call);
  const counts = countStates(
    describeStatuses(reconciliation.statuses, { folder: folder.label, fence: newFence() }),
  );
  return {
    summary: `${folder.label} against ${database.target.label}: ${describeCounts(counts)}.`,
    target: database.target.label,
    folder: folder.label,
    counts,
    ...adviseNext(counts, contents.findings),
  };
}
