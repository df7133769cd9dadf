import type { Finding } from "../model/finding.ts";
import type { ListMigrationsReport, MigrationRow } from "../model/report.ts";
import { adviseNext } from "../report/advice.ts";
import { adviseOnArchive, describeArchive } from "../report/describe-archive.ts";
import { countStates, describeCounts, describeStatuses } from "../report/describe-status.ts";
import { countFitting, lastPage, type Page } from "../report/page.ts";
import type { CallContext, ListMigrationsRequest } from "../requests.ts";
import { adviseForeign } from "./advise-foreign.ts";
import { newFence, type EngineContext } from "./context.ts";
import { readProject } from "./read-project.ts";

const rowsPerPage = 50;
/** Together with all else in it, an answer then stays below 8 KB. */
const rowCharacters = 5_000;
/** Where so many rows were asked for: below the 24 KB that clients take whole (docs/decisions/0007). */
const askedCharacters = 12_000;
const findingCharacters = 2_000;

const severityOrder = { error: 0, warning: 1, info: 2 } as const;

/** Files and history side by side, with the state of each. */
export async function listMigrations(
  engine: EngineContext,
  request: ListMigrationsRequest,
  call: CallContext,
): Promise<ListMigrationsReport> {
  const project = await readProject(engine, call);
  const { folder, contents, reconciliation, database } = project;
  const foreign = await adviseForeign(project);
  const rows = describeStatuses(reconciliation.statuses, { folder: folder.label, fence: newFence() });
  const counts = countStates(rows);
  const isAll = request.limit === "all";
  const page = lastPage(rows, {
    limit: isAll ? rows.length : (request.limit ?? rowsPerPage),
    maxCharacters: charactersFor(request.limit),
    cursor: request.cursor,
  });
  const gravest = bySeverity(contents.findings);
  const findings = isAll ? gravest : gravest.slice(0, countFitting(gravest, findingCharacters));
  const leftOut = contents.findings.length - findings.length;
  return {
    summary: summarize(page, describeCounts(counts), contents.findings),
    target: database.target.label,
    folder: folder.label,
    counts,
    migrations: page.items,
    findings,
    ...(leftOut === 0 ? {} : { findings_left_out: leftOut }),
    ...(contents.archived.length === 0 ? {} : { archived: contents.archived.length }),
    ...(request.archived === true ? describeArchive(contents, charactersFor(request.limit) / 2) : {}),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...adviseNext(counts, contents.findings, [
      ...foreign,
      ...(request.archived === true ? adviseOnArchive(contents) : []),
    ]),
  };
}

function charactersFor(limit: ListMigrationsRequest["limit"]): number {
  if (limit === "all") return Number.POSITIVE_INFINITY;
  return limit === undefined ? rowCharacters : askedCharacters;
}

/** The gravest first, otherwise in the order they were found. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => severityOrder[a.severity] - severityOrder[b.severity]);
}

function summarize(page: Page<MigrationRow>, states: string, findings: readonly Finding[]): string {
  const shown = page.items.length === page.total ? "" : ` Shown: ${page.items.length} of ${page.total}.`;
  const count = `${findings.length} ${findings.length === 1 ? "finding" : "findings"}`;
  const found = findings.length === 0 ? "" : ` ${count} about files.`;
  return `${capitalize(states)}.${found}${shown}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
