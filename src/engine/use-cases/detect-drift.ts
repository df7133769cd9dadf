import type { DetectDriftReport, DriftItem, SchemaComparison } from "../model/report.ts";
import { adviseNext } from "../report/advice.ts";
import { describeDrift } from "../report/describe-drift.ts";
import { countStates, describeStatuses } from "../report/describe-status.ts";
import { countFitting, firstPage } from "../report/page.ts";
import type { CallContext, DetectDriftRequest } from "../requests.ts";
import { compareWithFiles } from "./compare-with-files.ts";
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
  const project = await readProject(engine, call);
  const { folder, contents, reconciliation, database } = project;
  const schema = request.schema === true ? await compareWithFiles(engine, project, call) : undefined;
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
  const nextSteps = [
    ...steps.filter((step) => !step.startsWith("detect_drift")),
    ...adviseServer(schema, engine.shadow.url),
  ];
  return {
    summary: `${summarize(items, counts.pending ?? 0)}${summarizeSchema(schema)}`,
    target: database.target.label,
    has_drift: items.length > 0 || (schema?.drift.length ?? 0) > 0,
    layers: ["history", "content", ...(schema === undefined ? [] : ["schema" as const])],
    counts,
    drift: page.items,
    ...(schema === undefined ? {} : { schema }),
    findings: isWhole ? errors : errors.slice(0, countFitting(errors, findingCharacters)),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

/** PGlite has no build of some extensions: what needs them shows as drift until a server replays it. */
function adviseServer(
  schema: SchemaComparison | undefined,
  shadowUrl: string | undefined,
): readonly string[] {
  const isLacking = (schema?.not_replayed ?? []).some(({ file }) => file.startsWith("extension "));
  if (!isLacking || shadowUrl !== undefined) return [];
  return [
    "ask the user to start Godwit with --shadow-url and an empty database on a server that has the extensions named in not_replayed: without them, what needs them counts as missing",
  ];
}

function summarizeSchema(schema: SchemaComparison | undefined): string {
  if (schema === undefined) return "";
  const count = Object.values(schema.counts).reduce((sum, each) => sum + each, 0);
  if (count === 0) return " The live schema is what the applied files produce.";
  const security = schema.counts.security ?? 0;
  const places = `${count} ${count === 1 ? "place" : "places"}`;
  return ` The live schema differs from what the applied files produce in ${places}${security === 0 ? "" : `, ${security} of them about security`}.`;
}

function summarize(items: readonly DriftItem[], pending: number): string {
  const waiting = pending === 0 ? "" : ` ${pending} pending, which is not drift.`;
  if (items.length === 0) return `Files and history agree.${waiting}`;
  const errors = items.filter((item) => item.severity === "error").length;
  const gravity = errors === 0 ? "none of them grave" : `${errors} of them grave`;
  return `Files and history differ in ${items.length} ${items.length === 1 ? "place" : "places"}, ${gravity}.${waiting}`;
}
