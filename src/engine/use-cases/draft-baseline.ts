import { fingerprintSchema } from "../catalog/fingerprint.ts";
import { toChecksum } from "../files/checksum.ts";
import { composeMigration } from "../files/header.ts";
import type { Catalog } from "../model/catalog.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import type { SchemaFingerprint } from "../model/plan.ts";
import type { MigrationFile } from "../model/migration.ts";
import { baselineContext, baselineName } from "../plan/baseline/baseline-mark.ts";
import { findSquash } from "../plan/baseline/find-squash.ts";
import { chooseReplaced, type Replaced } from "../plan/baseline/choose-replaced.ts";
import { planBaseline } from "../plan/baseline/plan-baseline.ts";
import { planMigration } from "../plan/plan-migration.ts";
import { digestHistory } from "../plan/plan-id.ts";
import { splitStatements } from "../sql/split.ts";
import { summarizeBaseline, type BaselineFacts } from "../report/describe-baseline.ts";
import { makeBaseline, type BaselineOrder, type MadeBaseline } from "../shadow/make-baseline.ts";
import type { ReplayFile } from "../shadow/replay-file.ts";
import { readBaselineTarget, type BaselineTarget } from "./baseline-target.ts";
import { comparable } from "../compare/sort-changes.ts";
import type { EngineContext } from "./context.ts";
import { withEmptyShadow } from "./open-shadow.ts";
import type { Project } from "./read-project.ts";

/** A baseline, what it would change, and whether it is proved. */
export interface DraftedBaseline extends BaselineFacts {
  readonly plan: HistoryChangePlan;
  readonly live: Catalog;
  readonly schema: SchemaFingerprint;
}

/** Makes a baseline from the live schema, or from what the applied migrations produce. Throws `not_applicable`. */
export async function draftBaseline(
  engine: EngineContext,
  project: Project,
  from: "live" | "files",
): Promise<DraftedBaseline> {
  const replaced = chooseReplaced(project.history, project.reconciliation, engine.clock.now());
  const target = await readBaselineTarget(engine, project, from);
  const fileName = `${replaced.version}_${baselineName}.sql`;
  const { made, body } = await make(engine, { project, replaced, target, fileName });
  const { version } = replaced;
  const schema = fingerprintSchema(target.live);
  const failures = [...target.notReplayed, ...made.failures];
  const isProved = [failures, made.differences, made.rowDifferences].every((list) => list.length === 0);
  // What is not proved need not even be SQL that our own parser reads.
  const statements = isProved
    ? await splitForHistory({ version, name: baselineName, fileName, sql: made.text })
    : splitStatements(made.text).map(({ text }) => text);
  return {
    ...made,
    from,
    ...nameWaitingSquash(project, replaced),
    replaced,
    fileName,
    failures,
    live: target.live,
    schema,
    plan: planBaseline({
      replaced,
      name: baselineName,
      checksum: toChecksum(made.text),
      file: { fileName, text: made.text, body },
      statements,
      target: project.database.target.id,
      expectsHistory: digestHistory(project.history),
      expectsSchema: schema.digest,
      files: project.contents.files,
      sha256: await digestGoing(project, replaced),
      summary: summarizeBaseline({ replaced, fileName, from, target: project.database.target.label }),
    }),
    statements: statements.length,
    isProved,
    unread: target.rows.unread,
    unmodelled: target.catalog.unmodelled.map(({ kind, name: object }) => `${kind} ${object}`),
  };
}

function nameWaitingSquash(
  { reconciliation }: Project,
  { pending }: Replaced,
): Pick<DraftedBaseline, "waitingSquash"> {
  const fileName = findSquash(reconciliation)?.file.fileName;
  return fileName !== undefined && pending.some((file) => file.fileName === fileName)
    ? { waitingSquash: fileName }
    : {};
}

/** The statements as the history records those of any migration. */
export async function splitForHistory(
  file: Pick<MigrationFile, "version" | "name" | "fileName"> & { readonly sql: string },
): Promise<readonly string[]> {
  const planned = await planMigration(
    { ...file, checksum: toChecksum(file.sql), rollbackSql: undefined },
    undefined,
  );
  return planned.statements.map(({ text }) => text);
}

/** Files as a shadow replays them. */
export function toReplay({ folder }: Project, files: readonly MigrationFile[]): readonly ReplayFile[] {
  return files.flatMap(({ fileName, content }) =>
    content.kind === "sql" ? [{ path: `${folder.label}/${fileName}`, sql: content.sql }] : [],
  );
}

async function make(
  engine: EngineContext,
  given: {
    readonly project: Project;
    readonly replaced: Replaced;
    readonly target: BaselineTarget;
    readonly fileName: string;
  },
): Promise<{ readonly made: MadeBaseline; readonly body: string }> {
  const { project, replaced, target, fileName } = given;
  const count = replaced.versions.length;
  const header = {
    name: baselineName,
    purpose: `Stand for the ${count === 1 ? "migration" : `${count} migrations`} applied up to ${replaced.versions.at(-1) ?? ""}`,
    date: engine.clock.now(),
    context: baselineContext(target.from),
  };
  const bodies = new Map<string, string>();
  const order: BaselineOrder = {
    live: target.catalog,
    rows: target.rows,
    path: `${project.folder.label}/${fileName}`,
    compose: (sql) => {
      const text = composeMigration(sql, header);
      bodies.set(text, sql);
      return text;
    },
    isComparable: (change) => comparable([change]).length > 0,
    pending: toReplay(project, replaced.pending),
  };
  const made = await withEmptyShadow(engine, { project, live: target.live, files: [] }, (shadow) =>
    makeBaseline(shadow, order),
  );
  return { made, body: bodies.get(made.text) ?? made.text };
}

async function digestGoing(
  { folder }: Project,
  { applied, neverApplied }: Replaced,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const { fileName } of [...applied, ...neverApplied])
    digests.set(fileName, await folder.sha256Of(fileName));
  return digests;
}
