import { alignVersions } from "../catalog/align-versions.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { changeId } from "../compare/change-id.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog, Change } from "../model/catalog.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import type { Refusal, SchemaStatement } from "../plan/schema-change/schema-change.ts";
import type { Session } from "../ports.ts";
import { alignViews } from "../shadow/align-views.ts";
import { splitByRenames } from "./open-renames.ts";
import { nameCandidates, settleRenames, type NamedCandidate, type RenameAnswer } from "./renames.ts";
import { runOnCopy, type StatementFailure } from "./run-on-copy.ts";

/** Which of the differences between two catalogs are to be closed. */
export type Selects = (from: Catalog, to: Catalog) => readonly Change[];

/** From one catalog to another, with a copy of the first to try things on. */
export interface Gap {
  readonly session: Session;
  readonly from: Catalog;
  readonly to: Catalog;
  readonly selects: Selects;
  readonly answers: readonly RenameAnswer[];
  /** How each statement is to be written, where not as planned: then the script is also run a second time. */
  readonly form?: (statement: SchemaStatement) => SchemaStatement;
}

/** A script that closes a gap, and how it did on the copy. */
export interface ClosedGap {
  readonly statements: readonly SchemaStatement[];
  readonly refusals: readonly Refusal[];
  readonly candidates: readonly NamedCandidate[];
  /** Candidates about which no caller has said anything, among them the unanswered. */
  readonly offered: readonly NamedCandidate[];
  /** Candidates that nobody has decided about: the script leaves them alone, and what needs them. */
  readonly unanswered: readonly NamedCandidate[];
  /** What the script leaves alone because of them. */
  readonly waiting: readonly Change[];
  readonly failures: readonly StatementFailure[];
  /** What the copy still lacked afterwards. */
  readonly left: readonly Change[];
  /** Why the script cannot run a second time without harm; the first reasons, none where it can or was not tried. */
  readonly notRepeatable?: readonly string[];
  /** Why nothing can be said of the copy at all. */
  readonly copyLost?: string;
}

/** Plans what makes the first catalog into the second, runs it on the copy, and looks what is left. The copy is then one of the second. */
export async function closeGap(gap: Gap): Promise<ClosedGap> {
  const plan = await planAroundRenames(gap);
  const { toRun, failures: earlier, ...rest } = plan;
  const { form = (statement) => statement } = gap;
  const planned = { ...rest, statements: plan.statements.map(form) };
  try {
    const failures = await runOnCopy(gap.session, toRun.map(form));
    const left = await readLeft(gap, plan.unanswered);
    const first = { ...planned, failures: [...earlier, ...failures], left };
    return gap.form === undefined ? first : { ...first, notRepeatable: await runAgain(gap, first) };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { ...planned, failures: [], left: [], copyLost: error.fields.message };
  }
}

/** A script that is repeatable fails nowhere the second time and leaves the same. */
async function runAgain(gap: Gap, first: ClosedGap): Promise<readonly string[]> {
  const failures = await runOnCopy(gap.session, first.statements);
  const failed = new Set(first.failures.map(({ statement }) => statement.sql));
  const left = await readLeft(gap, first.unanswered);
  const before = new Set(first.left.map(changeId));
  return [
    ...failures
      .filter(({ statement }) => !failed.has(statement.sql))
      .map(({ statement, cause }) => `${statement.sql.split("\n")[0] ?? ""}: ${cause}`),
    ...left.filter((change) => !before.has(changeId(change))).map(({ key }) => `${key} differs then.`),
  ];
}

async function readLeft(gap: Gap, unanswered: readonly NamedCandidate[]): Promise<readonly Change[]> {
  const { catalog, goal } = await readAligned(gap);
  return splitByRenames(gap.selects(catalog, goal), unanswered, [catalog, goal]).free;
}

interface Planned extends Omit<ClosedGap, "left" | "notRepeatable" | "copyLost"> {
  /** Those that have not run on the copy yet. */
  readonly toRun: readonly SchemaStatement[];
}

async function planAroundRenames(gap: Gap): Promise<Planned> {
  const { renamed, ...plan } = planWithout(gap);
  return renamed.length === 0 ? plan : planAfterRenames(gap, { ...plan, renamed });
}

interface Settled extends Planned {
  readonly renamed: readonly NamedCandidate[];
}

/** Leaves alone what nobody has decided about. */
function planWithout({ from, to, selects, answers }: Omit<Gap, "session">): Settled {
  const changes = selects(from, to);
  const asDropped = planSchemaChange({ from, to, changes });
  const candidates = nameCandidates(asDropped.renames, { from, to });
  const { renamed, offered, unanswered } = settleRenames(candidates, answers);
  const { free, waiting } = splitByRenames(changes, unanswered, [from, to]);
  const { statements, refusals } =
    unanswered.length === 0 ? asDropped : planSchemaChange({ from, to, changes: free });
  const named = { candidates, renamed, offered, unanswered };
  return { statements, toRun: statements, failures: [], refusals, waiting, ...named };
}

/** The objects that may have been renamed between two catalogs, by their names. */
export function listCandidates({
  from,
  to,
  selects,
}: Pick<Gap, "from" | "to" | "selects">): readonly NamedCandidate[] {
  return planWithout({ from, to, selects, answers: [] }).candidates;
}

/** A rename reaches into views, bodies and expressions: the copy says what the schema looks like after it. */
async function planAfterRenames(gap: Gap, settled: Settled): Promise<Planned> {
  const { candidates, renamed, offered, unanswered } = settled;
  const renames = renamed.map(({ from, sql }): SchemaStatement => ({
    sql,
    subject: from,
    closes: [],
    hazards: ["ACCESS_EXCLUSIVE_LOCK"],
    startsNewTransaction: false,
  }));
  const failures = await runOnCopy(gap.session, renames);
  const { catalog: from, goal: to } = await readAligned(gap);
  const { free, waiting } = splitByRenames(gap.selects(from, to), unanswered, [from, to]);
  const { statements, refusals } = planSchemaChange({ from, to, changes: free });
  return {
    statements: [...renames, ...statements],
    toRun: statements,
    failures,
    refusals,
    candidates,
    offered,
    unanswered,
    waiting,
  };
}

/** The copy as it is now, with no more than the first catalog's major knows, and the second catalog in its server's words. */
async function readAligned({
  session,
  from,
  to,
}: Gap): Promise<{ readonly catalog: Catalog; readonly goal: Catalog }> {
  // The second may be of the copy's major and lack what was left out of it, so that it could be compared with the first.
  const copy = alignVersions(await readCatalog(session), from).left;
  const { left, right } = alignVersions(to, copy);
  const shadow = { catalog: right, findings: [], openSession: async () => session };
  return { catalog: right, goal: await alignViews(left, shadow) };
}

/** The script alone, where no copy can be had; renames that were answered wait for one too. */
export function planGap(gap: Omit<Gap, "session"> & { readonly reason: string }): ClosedGap {
  const { reason, answers } = gap;
  const declined = answers.filter(({ isRename }) => !isRename);
  const { renamed: _, toRun: _toRun, ...plan } = planWithout({ ...gap, answers: declined });
  return { ...plan, left: [], copyLost: reason };
}
