import type { DetectDriftReport, DriftItem } from "../model/report.ts";
import { adviseNext } from "../report/advice.ts";
import { describeDrift } from "../report/describe-drift.ts";
import { countStates, describeStatuses } from "../report/describe-status.ts";
import { countFitting, firstPage } from "../report/page.ts";
import type { CallContext, DetectDriftRequest } from "../requests.ts";
import { newFence, type EngineContext } from "./context.ts";
import { bySeverity } from "./list-migrations.ts";
import { readProject } from "./read-project.ts";

const itemsPerPage = 25;
/** Together with all else in it, an answer then stays below the 24 KB that clients take whole (docs/decisions/0007). */
const itemCharacters = 14_000;
const findingCharacters = 4_000;

/** Compares files with history, and each applied file with the SQL that was recorded for it. */
export async function detectDrift(
  engine: EngineContext,
  request: DetectDriftRequest,
  call: CallContext,
): Promise<DetectDriftReport> {
  const { folder, contents, reconciliation, database } = await readProject(engine, call);
  const telling = { folder: folder.label, fence: newFence() };
  const counts = countStates(describeStatuses(reconciliation.statuses, telling));
  const items = describeDrift(reconciliation.statuses, telling);
  const isWhole = call.answerSize === "whole";
  const page = firstPage(items, {
    limit: isWhole ? items.length : itemsPerPage,
    maxCharacters: isWhole ? Number.POSITIVE_INFINITY : itemCharacters,
    cursor: request.cursor,
  });
  const errors = bySeverity(contents.findings).filter((finding) => finding.severity === "error");
  const { next_steps: steps = [] } = adviseNext(counts);
  const nextSteps = steps.filter((step) => !step.startsWith("detect_drift"));
  return {
    summary: summarize(items, counts.pending ?? 0),
    target: database.target.label,
    has_drift: items.length > 0,
    layers: ["history", "content"],
    counts,
    drift: page.items,
    findings: isWhole ? errors : errors.slice(0, countFitting(errors, findingCharacters)),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

function summarize(items: readonly DriftItem[], pending: number): string {
  const waiting = pending === 0 ? "" : ` ${pending} pending, which is not drift.`;
  if (items.length === 0) return `Files and history agree.${waiting}`;
  const errors = items.filter((item) => item.severity === "error").length;
  const gravity = errors === 0 ? "none of them grave" : `${errors} of them grave`;
  return `Files and history differ in ${items.length} ${items.length === 1 ? "place" : "places"}, ${gravity}.${waiting}`;
}
