import { alignVersions } from "../catalog/align-versions.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { readRoleNames, readSetUpRows } from "../catalog/set-up-rows.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { sql, userStatement } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog, Change, Fact, FactKey } from "../model/catalog.ts";
import type { SetUpRows } from "../model/set-up-rows.ts";
import type { BaselineStatement } from "../plan/baseline/baseline-statement.ts";
import { describeDatabaseOwn } from "../plan/baseline/describe-database-own.ts";
import { describeSecrets, findSecrets } from "../plan/baseline/find-secrets.ts";
import { orderAsPlanned, orderForReading } from "../plan/baseline/order-for-reading.ts";
import { renderBaseline } from "../plan/baseline/render-baseline.ts";
import { findMemberGrants, writeMemberGrants } from "../plan/baseline/write-member-grants.ts";
import { describeRolesLeftOut } from "../plan/baseline/write-roles.ts";
import { writeRows } from "../plan/baseline/write-rows.ts";
import { writeSetUp } from "../plan/baseline/write-set-up.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import type { Refusal, SchemaStatement } from "../plan/schema-change/schema-change.ts";
import type { Session } from "../ports.ts";
import { alignViews } from "./align-views.ts";
import type { Shadow } from "./replay.ts";
import { listSteps, replayFile, runWhole, type ReplayFile, type ReplayFinding } from "./replay-file.ts";

/** What a baseline is to produce, and what it is called. */
export interface BaselineOrder {
  readonly live: Catalog;
  readonly rows: SetUpRows;
  /** The file's text around the baseline's SQL; the whole of it is what is proved. */
  readonly compose: (sql: string) => string;
  /** As shown to people. */
  readonly path: string;
  /** True for differences that a shadow can be asked about. */
  readonly isComparable: (change: Change) => boolean;
  /** Files that are still to be applied after it. */
  readonly pending: readonly ReplayFile[];
}

/** A baseline and what came of replaying it on an empty project. */
export interface MadeBaseline {
  readonly text: string;
  /** What still differs from the live schema when it has run: empty where it is proved. */
  readonly differences: readonly Change[];
  /** Statements of it that did not run. */
  readonly failures: readonly ReplayFinding[];
  /** Set-up rows that it does not lead to, and how. */
  readonly rowDifferences: readonly string[];
  readonly refusals: readonly Refusal[];
  /** What no file may hold, or can. */
  readonly leftOut: readonly string[];
  /** Statements of pending files that would not run after it. */
  readonly pendingFailures: readonly ReplayFinding[];
}

/** Writes the SQL that makes an empty project into one like the live one, and replays it in an empty shadow to see what it leads to. */
export async function makeBaseline(shadow: Shadow, order: BaselineOrder): Promise<MadeBaseline> {
  const session = await shadow.openSession();
  const draft = await draftStatements(session, shadow.catalog, order);
  const { text, failures } = await replayDraft(session, draft, order);
  const made = alignVersions(order.live, await readCatalog(session));
  const live = await alignViews(made.left, { ...shadow, catalog: made.right });
  const differences = diffCatalogs(live, made.right).filter(
    (change) => order.isComparable(change) || draft.given.has(change.key),
  );
  const secrets = findSecrets(differences);
  return {
    text,
    failures,
    differences: differences.filter((change) => !secrets.includes(change)),
    rowDifferences: missingRows(await readSetUpRows(session, order.live), draft.keptRows),
    refusals: draft.refusals,
    leftOut: [...draft.leftOut, ...describeSecrets(secrets)],
    pendingFailures: await replayPending(session, order.pending),
  };
}

interface Draft {
  readonly setUp: readonly BaselineStatement[];
  /** What the set-up gives on parts of extensions. */
  readonly given: ReadonlySet<FactKey>;
  readonly schema: readonly SchemaStatement[];
  readonly to: Catalog;
  readonly rows: readonly BaselineStatement[];
  readonly refusals: readonly Refusal[];
  readonly keptRows: SetUpRows;
  readonly leftOut: readonly string[];
}

async function draftStatements(session: Session, fresh: Catalog, order: BaselineOrder): Promise<Draft> {
  const known = await readRoleNames(session);
  const roles = order.rows.roles.filter(({ name }) => !known.has(name));
  const live = inOrder(order.live);
  const bare = writeSetUp({ fresh: inOrder(fresh), live, roles, known });
  const { catalog, grants } = await readAfter(session, bare, live);
  const setUp = [...bare, ...toSection(writeMemberGrants(grants))];
  const { left: from, right: to } = alignVersions(inOrder(catalog), live);
  const changes = diffCatalogs(from, to).filter(
    (change) => order.isComparable(change) && !isExtension(change),
  );
  const plan = planSchemaChange({ from, to, changes });
  const { statements: rows, kept: keptRows, leftOut: rowsLeftOut } = writeRows(order.rows);
  const leftOut = [
    ...describeRolesLeftOut(roles, known),
    ...describeDatabaseOwn(diffCatalogs(fresh, live)),
    ...rowsLeftOut,
  ];
  const given = new Set(grants.map(({ key }) => key));
  return { setUp, given, schema: plan.statements, to, rows, refusals: plan.refusals, keptRows, leftOut };
}

function toSection(grants: readonly string[]): readonly BaselineStatement[] {
  return grants.map((sql) => ({ section: "Grants on parts of extensions", sql }));
}

/** The server answers in whatever order it finds things; the same schema has to give the same text, by which a plan is confirmed. */
function inOrder(catalog: Catalog): Catalog {
  const facts = [...catalog.facts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const settled = facts.map(([key, fact]) => [key, { ...fact, mayUse: fact.mayUse.toSorted() }] as const);
  return { ...catalog, facts: new Map(settled) };
}

/** The set-up enables what the server has; one that it lacks is told as a statement that failed. */
function isExtension(change: Change): boolean {
  return (change.kind === "altered" ? change.to : change.fact).kind === "extension";
}

/**
 * The catalog as the set-up leaves it, and what is still to be given on parts of extensions that are there; nothing of it stays. A statement
 * of the set-up that fails is left out here and told by the replay.
 */
async function readAfter(
  session: Session,
  setUp: readonly BaselineStatement[],
  live: Catalog,
): Promise<{ readonly catalog: Catalog; readonly grants: readonly Fact[] }> {
  await session.run(sql`begin`);
  try {
    for (const { sql: text } of setUp) await tryStatement(session, text);
    const catalog = await readCatalog(session);
    const { left, right } = alignVersions(catalog, live);
    const grants: Fact[] = [];
    for (const grant of findMemberGrants(diffCatalogs(left, right))) {
      const [text = ""] = writeMemberGrants([grant]);
      // Another version of the extension, or what stands in for it, need not have the part.
      if (await tryStatement(session, text)) grants.push(grant);
    }
    return { catalog, grants };
  } finally {
    await session.run(sql`rollback`);
  }
}

/** True where it ran. */
async function tryStatement(session: Session, text: string): Promise<boolean> {
  await session.run(sql`savepoint godwit_set_up`);
  try {
    await session.run(userStatement(text));
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
    await session.run(sql`rollback to savepoint godwit_set_up`);
    return false;
  }
}

async function replayDraft(
  session: Session,
  { setUp, schema, to, rows }: Draft,
  { compose, path }: BaselineOrder,
): Promise<{ readonly text: string; readonly failures: readonly ReplayFinding[] }> {
  const write = (ordered: readonly BaselineStatement[]): ReplayFile => ({
    path,
    sql: compose(renderBaseline([...setUp, ...ordered, ...rows])),
  });
  const readable = write(orderForReading(schema, to));
  if (await runWhole(toRun(session, readable))) return { text: readable.sql, failures: [] };
  const planned = write(orderAsPlanned(schema, to));
  return { text: planned.sql, failures: await replayFile(toRun(session, planned)) };
}

function toRun(session: Session, file: ReplayFile): Parameters<typeof replayFile>[0] {
  return { session, file, steps: listSteps(file, new Map()), onStatement: () => undefined };
}

async function replayPending(
  session: Session,
  pending: readonly ReplayFile[],
): Promise<readonly ReplayFinding[]> {
  const findings: ReplayFinding[] = [];
  for (const file of pending) {
    findings.push(...(await replayFile(toRun(session, file))));
    await session.run(sql`discard all`);
  }
  return findings;
}

/** Buckets, jobs and queues that are wanted and were not made; roles are the server's and may be there already. */
export function missingRows(made: SetUpRows, wanted: SetUpRows): readonly string[] {
  const list = ({ buckets, jobs, queues }: SetUpRows): readonly string[] =>
    [...buckets, ...jobs, ...queues].map((row) => JSON.stringify(row));
  const has = new Set(list(made));
  return list(wanted).filter((row) => !has.has(row));
}
