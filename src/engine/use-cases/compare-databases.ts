import { readLiveSchema } from "../execute/read-live-catalog.ts";
import { alignVersions } from "../catalog/align-versions.ts";
import { readRoleNames } from "../catalog/set-up-rows.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { sortChanges, type SortedChanges } from "../compare/sort-changes.ts";
import { readFrom } from "../database/transport.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { CompareDatabasesReport } from "../model/schema-drift-report.ts";
import { closeGap, listCandidates, planGap, type ClosedGap, type Selects } from "../prove/close-gap.ts";
import { listLacking } from "../prove/lacking.ts";
import { answerForEmpty } from "../prove/rename-stakes.ts";
import { assertAnswersFit, parseRenameAnswers, settleRenames, type RenameAnswer } from "../prove/renames.ts";
import type { Database } from "../ports.ts";
import { describeDatabaseComparison } from "../report/describe-database-comparison.ts";
import { pageComparison } from "../report/page-comparison.ts";
import type { CallContext, CompareDatabasesRequest } from "../requests.ts";
import { alignViews } from "../shadow/align-views.ts";
import { namedRoles } from "../shadow/make-roles.ts";
import { namingSetting, newFence, openTarget, type EngineContext } from "./context.ts";
import { selectsForCopy, withLiveCopy } from "./with-live-copy.ts";

/**
 * Compares the target's schema with another database's, plans the SQL that makes either into the other, and proves it on copies.
 * Changes neither database.
 */
export async function compareDatabases(
  engine: EngineContext,
  request: CompareDatabasesRequest,
  call: CallContext,
): Promise<CompareDatabasesReport> {
  const answers = parseRenameAnswers(request.renames ?? []);
  const target = await openTarget(engine, call);
  return withOther(engine, request.against, async (against, readTheirs) => {
    const [ours, theirs] = await Promise.all([readLiveSchema(target), readTheirs()]);
    const comparison = await compare({ engine, ours, theirs, answers, databases: { target, against } });
    const { label, engine: kind } = target.target;
    const labels = { target: label, against: against.target.label, isTargetEmbedded: kind === "pglite" };
    const report = describeDatabaseComparison({ ...comparison, ...labels, ours, theirs }, newFence());
    return call.answerSize === "whole" ? report : pageComparison(report, request.cursor);
  });
}

/** What was opened for this comparison is closed; another target stays open for its own calls. */
async function withOther<T>(
  engine: EngineContext,
  other: CompareDatabasesRequest["against"],
  use: (database: Database, readSchema: () => Promise<Catalog>) => Promise<T>,
): Promise<T> {
  if ("label" in other) {
    const neighbour = await engine.openNeighbour(other.label);
    return use(neighbour, () => readLiveSchema(neighbour));
  }
  const setting = "--against-url";
  const database = await engine.openOther(other.url, setting);
  try {
    return await use(database, () => readLiveSchema(database).catch(namingSetting(setting)));
  } finally {
    await database.close();
  }
}

interface Comparison {
  readonly sorted: SortedChanges;
  /** Absent where the two are equal. */
  readonly gaps?: { readonly copy?: ClosedGap; readonly toAgainst: ClosedGap; readonly toTarget: ClosedGap };
}

interface Pair {
  readonly engine: EngineContext;
  readonly ours: Catalog;
  readonly theirs: Catalog;
  readonly answers: readonly RenameAnswer[];
  readonly databases: { readonly target: Database; readonly against: Database };
}

async function compare(pair: Pair): Promise<Comparison> {
  const { left, right } = alignVersions(pair.ours, pair.theirs);
  const sorted = sort(left, right);
  if (sorted.drift.length === 0) {
    assertAnswersFit([], pair.answers);
    return { sorted };
  }
  const implied = await answerWhereEmpty(pair, left, right);
  const aligned = { ...pair, ours: left, theirs: right, answers: [...pair.answers, ...implied] };
  const compared = await compareOnCopy(aligned).catch((error: unknown) => {
    if (!(error instanceof DatabaseError)) throw error;
    return planOnly(aligned, error.message);
  });
  const { toAgainst, toTarget } = compared.gaps ?? {};
  assertAnswersFit([...(toAgainst?.candidates ?? []), ...(toTarget?.candidates ?? [])], pair.answers);
  return tellLacking(compared, aligned);
}

/** The copy has the platform's objects and everybody's roles; the databases that the scripts are for need not. */
async function tellLacking(
  { sorted, gaps }: Comparison,
  { ours, theirs, databases }: Pair,
): Promise<Comparison> {
  if (gaps === undefined) return { sorted };
  const roles = {
    ours: await readFrom(databases.target, readRoleNames),
    theirs: await readFrom(databases.against, readRoleNames),
  };
  const onTarget = listLacking(selects(ours, theirs), { catalog: ours, roles: roles.ours, goal: theirs });
  const onAgainst = listLacking(selects(theirs, ours), {
    catalog: theirs,
    roles: roles.theirs,
    goal: ours,
  });
  const { toAgainst, toTarget } = gaps;
  return {
    sorted,
    gaps: {
      ...gaps,
      toAgainst: { ...toAgainst, refusals: [...toAgainst.refusals, ...onTarget] },
      toTarget: { ...toTarget, refusals: [...toTarget.refusals, ...onAgainst] },
    },
  };
}

/** Where neither database would lose a row, both scripts are whole without an answer. */
async function answerWhereEmpty(
  { databases, answers }: Pair,
  from: Catalog,
  to: Catalog,
): Promise<readonly RenameAnswer[]> {
  const { unanswered } = settleRenames(listCandidates({ from, to, selects }), answers);
  return answerForEmpty(unanswered, {
    from: { catalog: from, database: databases.target },
    to: { catalog: to, database: databases.against },
  });
}

const sort = (from: Catalog, to: Catalog) =>
  sortChanges(diffCatalogs(from, to), { from, to, isWithShadow: false });
const selects: Selects = (from, to) => sort(from, to).drift;

/** Rebuilds the target in a shadow from its catalog, where both scripts then run one after the other. */
async function compareOnCopy(pair: Pair): Promise<Comparison> {
  const { engine, ours, theirs, answers } = pair;
  return withLiveCopy(engine, { catalog: ours, roles: namedRoles(theirs) }, async ({ session, made }) => {
    const shadow = { catalog: await readCatalog(session), findings: [], openSession: async () => session };
    // Majors write the same view differently (drift.md 5); the copy's server writes both anew.
    const from = await alignViews(ours, shadow);
    const to = await alignViews(theirs, shadow);
    const sorted = sort(from, to);
    if (sorted.drift.length === 0) return { sorted };
    const toAgainst = await closeGap({ session, from, to, selects: selectsForCopyOf(from, to), answers });
    const toTarget = await closeGap({
      session,
      from: to,
      to: from,
      selects: selectsForCopyOf(to, from),
      answers,
    });
    return { sorted, gaps: { copy: made, toAgainst, toTarget } };
  });
}

/** Between the two databases everything counts; on their copy, versions of extensions are the shadow's. */
function selectsForCopyOf(from: Catalog, to: Catalog): Selects {
  return (one, other) => (one === from && other === to ? selects(one, other) : selectsForCopy(one, other));
}

/** Without a shadow there are scripts, but no proof. */
function planOnly({ ours, theirs, answers }: Pair, reason: string): Comparison {
  const one = { selects, answers, reason };
  return {
    sorted: sort(ours, theirs),
    gaps: {
      toAgainst: planGap({ ...one, from: ours, to: theirs }),
      toTarget: planGap({ ...one, from: theirs, to: ours }),
    },
  };
}
