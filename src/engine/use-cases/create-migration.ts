import { readFrom } from "../database/transport.ts";
import { EngineError } from "../errors.ts";
import { composeMigration } from "../files/header.ts";
import { toFileName } from "../files/naming.ts";
import { toChecksum } from "../files/checksum.ts";
import { reconcile } from "../compare/reconcile.ts";
import { readHistory } from "../history/read-history.ts";
import { renderTemplate, templateNames, type TemplateName } from "../files/templates.ts";
import type { History } from "../model/history.ts";
import type { CreateMigrationReport } from "../model/report.ts";
import { versionAt, type Version } from "../model/version.ts";
import type { MigrationFolder } from "../ports.ts";
import { sourceOfSql } from "../plan/migration-source.ts";
import { planMigration } from "../plan/plan-migration.ts";
import { versionAfterAll, versionBeforePending } from "../plan/place-given-sql.ts";
import type { CallContext, CreateMigrationRequest } from "../requests.ts";
import { assertWritable, observeBoth, openTarget, type EngineContext } from "./context.ts";
import { draftFromDrift, type DriftDraft } from "./draft-from-drift.ts";
import { describeRename, settleName } from "./migration-name.ts";
import { settleUnfinishedChanges } from "./settle-changes.ts";

/** Writers that take the same version at the same moment get the next one; more often than this is no coincidence. */
const attempts = 5;

/** Writes a new migration file from SQL, a template or the drift of the live schema, and runs nothing. */
export async function createMigration(
  engine: EngineContext,
  request: CreateMigrationRequest,
  call: CallContext,
): Promise<CreateMigrationReport> {
  assertWritable(engine, "Writing migration files");
  const name = settleName(request.name);
  const body = await settleBody(engine, call, { request, name });
  await planMigration(sourceOfSql(body.sql, name, versionAt(engine.clock.now())), undefined);
  const settled = await settleUnfinishedChanges(engine, call);
  const folder = await engine.openFolder();
  const { history, warnings } = await readHistoryIfPossible(engine, call);
  const written = await writeAtNextVersion(engine, folder, { name, body, history, purpose: request.purpose });
  observeBoth(engine, call)({ kind: "migration_written", version: written.version, path: written.file });
  const { statements } = await planMigration(sourceOfSql(written.sql, name, written.version), undefined);
  const allWarnings = [
    ...describeRename(request.name, name),
    ...settled,
    ...warnings,
    ...(body.drift?.warnings ?? []),
  ];
  return {
    summary: `Wrote ${written.file}. Nothing was run.`,
    version: written.version,
    name,
    file: written.file,
    checksum: toChecksum(written.sql),
    statements: statements.filter((statement) => statement.isExecutable).length,
    ...(body.isTemplate ? { sql: written.sql } : {}),
    ...(body.drift === undefined ? {} : { script: body.drift.script }),
    ...(allWarnings.length === 0 ? {} : { warnings: allWarnings }),
    next_steps: [
      ...(body.isTemplate ? ["Adapt the file to what is needed."] : []),
      ...(body.drift?.advise(written.version) ?? []),
      ...(body.drift === undefined ? [] : adviseOnOrder(written.before, name)),
      `apply_migration { version: "${written.version}", dry_run: true } rehearses it; without dry_run it is applied.`,
    ],
  };
}

/** SQL from drift is about what the applied files make: pending ones may need it first, or may have run elsewhere before it. */
function adviseOnOrder(before: Version | undefined, name: string): readonly string[] {
  if (before === undefined) return [];
  return [
    `Pending files come before it. Where they need it first: rename it to ${toFileName(before, name)} before it is applied anywhere.`,
  ];
}

interface Body {
  readonly sql: string;
  readonly rollbackSql: string | undefined;
  readonly isTemplate: boolean;
  readonly drift?: DriftDraft;
}

/** The SQL that was given, that the template makes, or that closes the drift. Throws `arguments_conflict`, `empty_sql`, `invalid_input`. */
async function settleBody(
  engine: EngineContext,
  call: CallContext,
  { request, name }: { readonly request: CreateMigrationRequest; readonly name: string },
): Promise<Body> {
  const { query, template, fromDrift, renames } = request;
  const sources = Object.entries({ query, template, from_drift: fromDrift }).filter(
    ([, given]) => given !== undefined,
  );
  if (sources.length > 1) {
    const named = sources.map(([source]) => source).join(" and ");
    throw new EngineError("arguments_conflict", `Give one of ${named}: each is all of the SQL.`);
  }
  if (fromDrift !== undefined) {
    const drift = await draftFromDrift(engine, call, { direction: fromDrift, renames: renames ?? [] });
    return { sql: drift.sql, rollbackSql: drift.rollbackSql, isTemplate: false, drift };
  }
  if (renames !== undefined) {
    throw new EngineError(
      "arguments_conflict",
      "renames says what became of drifted objects: it goes with from_drift.",
    );
  }
  if (query !== undefined) {
    if (query.trim() === "") throw new EngineError("empty_sql", "The query is empty.");
    return { sql: query, rollbackSql: undefined, isTemplate: false };
  }
  const rendered = renderTemplate({ ...request, template: settleTemplate(template), name });
  if (rendered.kind === "needs_subject") {
    throw new EngineError("invalid_input", rendered.message, {
      hint: "Give the table, or table.column, as subject.",
    });
  }
  return { sql: rendered.sql, rollbackSql: rendered.rollback, isTemplate: true };
}

function settleTemplate(given: string | undefined): TemplateName {
  if (given === undefined) return "generic";
  const template = templateNames.find((known) => known === given);
  if (template !== undefined) return template;
  throw new EngineError(
    "invalid_input",
    `There is no template ${JSON.stringify(given)}; there are ${templateNames.join(", ")}.`,
  );
}

/** A file can be written while the database is away; then only the files say which versions exist. */
async function readHistoryIfPossible(
  engine: EngineContext,
  call: CallContext,
): Promise<{ readonly history: History; readonly warnings: readonly string[] }> {
  try {
    const database = await openTarget(engine, call);
    return { history: await readFrom(database, readHistory), warnings: [] };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code === "wrong_target") throw error;
    const history: History = { exists: false, entries: [], unfinished: [] };
    const warning = `The history could not be read (${error.message}), so the version follows the files alone.`;
    return { history, warnings: [warning] };
  }
}

interface NewFile {
  readonly name: string;
  readonly body: Body;
  readonly history: History;
  readonly purpose: string | undefined;
}

interface Written {
  readonly version: Version;
  readonly file: string;
  readonly sql: string;
  /** The version that would put it before all pending files, where there is one. */
  readonly before: Version | undefined;
}

async function writeAtNextVersion(
  engine: EngineContext,
  folder: MigrationFolder,
  file: NewFile,
): Promise<Written> {
  for (let attempt = 1; ; attempt++) {
    const { files } = await folder.read();
    const { statuses } = reconcile({ files, history: file.history });
    const version = versionAfterAll(statuses, engine.clock.now());
    const { name, body, purpose = body.drift?.purpose } = file;
    const date = engine.clock.now();
    const sql = composeMigration(body.sql, {
      name,
      purpose,
      date,
      context: body.drift?.context,
      rollbackSql: body.rollbackSql,
    });
    try {
      const fileName = await folder.write({ fileName: toFileName(version, name), sql });
      return { version, sql, file: fileName, before: versionBeforePending(statuses) };
    } catch (error) {
      const isRace = error instanceof EngineError && ["version_taken", "file_exists"].includes(error.code);
      if (!isRace || attempt === attempts) throw error;
    }
  }
}
