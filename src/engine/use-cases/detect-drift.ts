import { readLiveSchema } from "../execute/read-live-catalog.ts";
import { DatabaseError, EngineError, errorTable } from "../errors.ts";
import type { Finding } from "../model/finding.ts";
import type { DetectDriftReport, DriftItem } from "../model/report.ts";
import type { SchemaDriftItem } from "../model/schema-drift-report.ts";
import { adviseOn } from "../plan/reconcile/plan-reconciliation.ts";
import { parseRenameAnswers } from "../prove/renames.ts";
import { adviseUnfinished } from "../report/advice.ts";
import { adviseOnDrift, adviseServer } from "../report/advise-on-schema.ts";
import { describeDrift } from "../report/describe-drift.ts";
import { describeFilesComparison, type SchemaAnswer } from "../report/describe-files-comparison.ts";
import { countStates, describeStatuses } from "../report/describe-status.ts";
import type { Fence } from "../report/fence.ts";
import { countFitting, firstPage, type PageOrder } from "../report/page.ts";
import type { CallContext, DetectDriftRequest } from "../requests.ts";
import { compareWithFiles } from "./compare-with-files.ts";
import { adviseForeign } from "./advise-foreign.ts";
import { newFence, type EngineContext } from "./context.ts";
import { archivedVersionsOf } from "./draft-reconciliation.ts";
import { bySeverity } from "./list-migrations.ts";
import { readProject, type Project } from "./read-project.ts";

const itemsPerPage = 25;
/** Together with all else in it, an answer then stays below 8 KB. */
const itemCharacters = 4_500;
/** What is about security is told at once as long as the answer stays below the 24 KB that clients take whole (docs/decisions/0007). */
const securityCharacters = 13_000;
const findingCharacters = 1_200;

/** Compares files with history, each applied file with the SQL recorded for it, and the live schema with what the applied files produce. */
export async function detectDrift(
  engine: EngineContext,
  request: DetectDriftRequest,
  call: CallContext,
): Promise<DetectDriftReport> {
  const project = await readProject(engine, call);
  const { folder, contents, reconciliation, database } = project;
  const isWhole = call.answerSize === "whole";
  const telling = { folder: folder.label, fence: newFence() };
  const schema = await compareSchema({ engine, project, request, isWhole, fence: telling.fence });
  const counts = countStates(describeStatuses(reconciliation.statuses, telling));
  const history = describeDrift(reconciliation.statuses, {
    ...telling,
    advise: adviseOn(reconciliation, archivedVersionsOf(contents)),
  });
  const items = [...history, ...(schema.answer?.items ?? [])].toSorted((a, b) => rankOf(a) - rankOf(b));
  const page = firstPage(items, {
    ...(isWhole ? { limit: items.length, maxCharacters: Number.POSITIVE_INFINITY } : roomFor(items)),
    cursor: request.cursor,
  });
  const errors = bySeverity([...schema.findings, ...contents.findings]).filter(
    (finding) => finding.severity === "error",
  );
  const warnings = [...schema.findings.map(({ message }) => message), ...(schema.answer?.warnings ?? [])];
  const nextSteps = [
    ...adviseUnfinished(contents.findings),
    ...(await adviseForeign(project)),
    ...adviseOnDrift(counts, schema.answer),
    ...adviseServer(schema.answer?.section, engine.shadow.url),
  ];
  return {
    summary: `${summarize(history, counts.pending ?? 0)}${schema.answer?.summary ?? ""}`,
    target: database.target.label,
    has_drift: history.length > 0 || (schema.answer?.items ?? []).length > 0,
    layers: ["history", "content", ...(schema.answer === undefined ? [] : ["schema" as const])],
    counts,
    ...(schema.answer === undefined ? {} : { schema: schema.answer.section }),
    ...(page.items.length === items.length ? {} : { drift_total: items.length }),
    drift: page.items,
    findings: isWhole ? errors : errors.slice(0, countFitting(errors, findingCharacters)),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

interface SchemaLayer {
  /** Absent where it was not asked for, or could not be had. */
  readonly answer?: SchemaAnswer;
  readonly findings: readonly Finding[];
}

async function compareSchema(given: {
  readonly engine: EngineContext;
  readonly project: Project;
  readonly request: DetectDriftRequest;
  readonly isWhole: boolean;
  readonly fence: Fence;
}): Promise<SchemaLayer> {
  const { engine, project, request, isWhole, fence } = given;
  if (request.schema === false) return { findings: [] };
  const answers = parseRenameAnswers(request.renames ?? []);
  const impossible = (cause: string): SchemaLayer => ({ findings: [describeImpossible(cause, fence)] });
  // Whatever else keeps the live database from being read ends the call: the other layers were read from it too.
  const live = await attempt(() => readLiveSchema(project.database), isBusy);
  if (live.kind === "impossible") return impossible(live.cause);
  const compared = await attempt(
    () => compareWithFiles({ engine, project, live: live.value, answers }),
    (error) => isBusy(error) || error instanceof DatabaseError || isUnreachable(error),
  );
  if (compared.kind === "impossible") return impossible(compared.cause);
  return { answer: describeFilesComparison(compared.value, { isWhole, fence }), findings: [] };
}

type Attempt<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "impossible"; readonly cause: string };

/** What cannot be compared leaves the other layers worth telling. */
async function attempt<T>(
  work: () => Promise<T>,
  isBearable: (error: unknown) => error is Error,
): Promise<Attempt<T>> {
  try {
    return { kind: "done", value: await work() };
  } catch (error) {
    if (!isBearable(error)) throw error;
    return { kind: "impossible", cause: error.message };
  }
}

/** Somebody alters the schema just now, and is named. */
function isBusy(error: unknown): error is EngineError {
  return error instanceof EngineError && ["lock_not_available", "statement_timeout"].includes(error.code);
}

/** Of a server that was given as the shadow: the live database has answered before. */
function isUnreachable(error: unknown): error is EngineError {
  return error instanceof EngineError && errorTable[error.code].kind === "unreachable";
}

function describeImpossible(cause: string, fence: Fence): Finding {
  return {
    code: "schema_not_compared",
    severity: "error",
    message: `The live schema was not compared with the files: ${fence.wrap(cause)} Files and history were.`,
    hint: "Call detect_drift again; with schema: false it leaves the live schema out.",
  };
}

function roomFor(
  items: readonly (DriftItem | SchemaDriftItem)[],
): Pick<PageOrder, "limit" | "maxCharacters"> {
  const security = items.filter(isSecurity);
  const characters = Math.min(JSON.stringify(security).length, securityCharacters);
  return {
    limit: Math.max(itemsPerPage, security.length),
    maxCharacters: Math.max(characters, itemCharacters),
  };
}

/** What is about security first, then by severity; files and history before the schema. */
function rankOf(item: DriftItem | SchemaDriftItem): number {
  if (isSecurity(item)) return 0;
  return { error: 1, warning: 2, info: 3 }[item.severity];
}

function isSecurity(item: DriftItem | SchemaDriftItem): boolean {
  return item.layer === "schema" && item.class === "security";
}

function summarize(items: readonly DriftItem[], pending: number): string {
  const waiting = pending === 0 ? "" : ` ${pending} pending, which is not drift.`;
  if (items.length === 0) return `Files and history agree.${waiting}`;
  const errors = items.filter((item) => item.severity === "error").length;
  const gravity = errors === 0 ? "none of them grave" : `${errors} of them grave`;
  return `Files and history differ in ${items.length} ${items.length === 1 ? "place" : "places"}, ${gravity}.${waiting}`;
}
