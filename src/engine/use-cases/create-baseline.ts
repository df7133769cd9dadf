import { EngineError } from "../errors.ts";
import { composeMigration } from "../files/header.ts";
import { toChecksum } from "../files/checksum.ts";
import type { CreateBaselineReport } from "../model/baseline-report.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import { chooseReplaced, type Replaced } from "../plan/baseline/choose-replaced.ts";
import { planBaseline } from "../plan/baseline/plan-baseline.ts";
import { planMigration } from "../plan/plan-migration.ts";
import { digestHistory } from "../plan/plan-id.ts";
import { describeBaseline, summarizeBaseline } from "../report/describe-baseline.ts";
import type { CallContext, CreateBaselineRequest } from "../requests.ts";
import { makeBaseline, type MadeBaseline } from "../shadow/make-baseline.ts";
import { compareAdopted, readBaselineTarget, type BaselineTarget } from "./baseline-target.ts";
import { comparable } from "./compare-with-files.ts";
import { assertWritable, newFence, type EngineContext } from "./context.ts";
import { likenessOf } from "./open-shadow.ts";
import { readProject, type Project } from "./read-project.ts";
import { carryOutChange, settleUnfinishedChanges } from "./settle-changes.ts";

/** What the file and the history entry are called. */
const name = "baseline";

/**
 * Plans one migration that stands for everything applied so far, and proves it on an empty shadow; with `confirm` puts it in place of
 * files and rows. Where it is not proved nothing is changed, and the answer says what differs.
 */
export function createBaseline(
  engine: EngineContext,
  request: CreateBaselineRequest,
  call: CallContext,
): Promise<CreateBaselineReport> {
  assertWritable(engine, "Making a baseline");
  return engine.inTurn(async () => {
    const settled = await settleUnfinishedChanges(engine, call);
    const project = await readProject(engine, call);
    const replaced = chooseReplaced(project.history, project.reconciliation, engine.clock.now());
    const target = await readBaselineTarget(engine, project, request.from ?? "live");
    const drafted = await draft(engine, { project, replaced, target });
    assertConfirmed(request, drafted.plan);
    const isConfirmed = request.confirm !== undefined && drafted.isProved;
    if (isConfirmed) await carryOutChange(engine, call, { project, plan: drafted.plan });
    const adopted = request.confirm === undefined ? await compareAdopted(engine, project, target) : undefined;
    const facts = { ...drafted.made, failures: [...target.notReplayed, ...drafted.made.failures] };
    return describeBaseline(
      {
        ...facts,
        target: project.database.target.label,
        folder: project.folder.label,
        from: target.from,
        replaced,
        plan: drafted.plan,
        fileName: drafted.fileName,
        statements: drafted.statements,
        isProved: drafted.isProved,
        isDone: isConfirmed,
        unread: target.rows.unread,
        unmodelled: target.catalog.unmodelled.map(({ kind, name: object }) => `${kind} ${object}`),
        adopted,
      },
      newFence(),
      { warnings: settled, size: call.answerSize },
    );
  });
}

interface Drafted {
  readonly plan: HistoryChangePlan;
  readonly made: MadeBaseline;
  readonly fileName: string;
  readonly statements: number;
  readonly isProved: boolean;
}

async function draft(
  engine: EngineContext,
  given: {
    readonly project: Project;
    readonly replaced: Replaced;
    readonly target: BaselineTarget;
  },
): Promise<Drafted> {
  const { project, replaced, target } = given;
  const { version } = replaced;
  const fileName = `${version}_${name}.sql`;
  const header = describeHeader(replaced, target, engine.clock.now());
  let body = "";
  const made = await makeBaseline({
    live: target.catalog,
    rows: target.rows,
    likeness: likenessOf(target.live),
    cacheFolder: engine.shadow.cacheFolder,
    path: `${project.folder.label}/${fileName}`,
    compose: (sql) => {
      body = sql;
      return composeMigration(sql, header);
    },
    isComparable: (change) => comparable([change]).length > 0,
    pending: replaced.pending.flatMap(({ fileName: pendingName, content }) =>
      content.kind === "sql" ? [{ path: `${project.folder.label}/${pendingName}`, sql: content.sql }] : [],
    ),
  });
  const { text } = made;
  const source = { version, name, fileName, sql: text, checksum: toChecksum(text), rollbackSql: undefined };
  const { statements } = await planMigration(source, undefined);
  const plan = planBaseline({
    replaced,
    fileName,
    name,
    text,
    body,
    statements: statements.map((statement) => statement.text),
    target: project.database.target.id,
    expectsHistory: digestHistory(project.history),
    files: project.contents.files,
    summary: summarizeBaseline({ replaced, fileName, from: target.from, target: project.database.target.label }),
  });
  return { plan, made, fileName, statements: statements.length, isProved: isProved(made, target) };
}

function describeHeader(
  { versions }: Replaced,
  { from }: BaselineTarget,
  date: Date,
): Parameters<typeof composeMigration>[1] {
  const count = versions.length === 1 ? "the one migration" : `the ${versions.length} migrations`;
  const source = from === "live" ? "from the live schema" : "from what the migration files produce";
  return {
    name,
    purpose: `Stand for ${count} applied up to ${versions.at(-1) ?? ""}`,
    date,
    context: `baseline made by Godwit ${source}; it holds no rows of tables but buckets, queues and cron jobs`,
  };
}

function isProved({ differences, failures, rowDifferences }: MadeBaseline, { notReplayed }: BaselineTarget): boolean {
  return [differences, failures, rowDifferences, notReplayed].every((list) => list.length === 0);
}

function assertConfirmed({ confirm }: CreateBaselineRequest, { id }: HistoryChangePlan): void {
  if (confirm === undefined || confirm === id) return;
  throw new EngineError(
    "plan_is_stale",
    `The plan is ${id} by now, not ${JSON.stringify(confirm)}: files, history or schema have changed.`,
    { hint: "Call create_baseline without confirm to plan anew." },
  );
}
