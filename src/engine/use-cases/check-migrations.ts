import { DatabaseError, EngineError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { CheckFinding, CheckMigrationsReport } from "../model/check-report.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { FolderContents } from "../ports.ts";
import { describeCheck, toCheckFindings } from "../report/describe-check.ts";
import { toSarif, type SarifLog } from "../report/to-sarif.ts";
import type { CallContext, CheckMigrationsRequest } from "../requests.ts";
import { checkAside } from "../rules/check-aside.ts";
import { withShadow } from "../shadow/replay.ts";
import type { ReplayFile } from "../shadow/replay-file.ts";
import { newFence, type EngineContext } from "./context.ts";

interface Checked {
  readonly folder: string;
  readonly files: number;
  readonly statements: number;
  readonly replay: CheckMigrationsReport["replay"];
  readonly findings: readonly CheckFinding[];
}

/** Judges names, order, every statement, and a replay of the whole folder on an empty shadow; the target is never opened. */
export async function checkMigrations(
  engine: EngineContext,
  request: CheckMigrationsRequest,
  call: CallContext,
): Promise<CheckMigrationsReport> {
  return describeCheck(await check(engine, request), {
    cursor: request.cursor,
    isWhole: call.answerSize === "whole",
  });
}

/** The same as a SARIF log for code scanning, and how many errors and warnings it holds that nobody allowed. */
export async function checkMigrationsAsSarif(
  engine: EngineContext,
  request: CheckMigrationsRequest,
): Promise<{ readonly log: SarifLog; readonly counts: CheckMigrationsReport["counts"] }> {
  const checked = await check(engine, request);
  const { counts } = describeCheck(checked, { cursor: undefined, isWhole: true });
  return { log: toSarif(checked.findings), counts };
}

async function check(engine: EngineContext, request: CheckMigrationsRequest): Promise<Checked> {
  const folder = await engine.openFolder();
  const contents = await folder.read();
  const files = readable(contents.files, folder.label);
  const replayed = request.replay === false ? undefined : await replay(engine, files);
  const judged = await checkAside({
    migrations: files.map(({ path, sql }) => ({ fileName: path, sql })),
    ...(replayed?.catalog === undefined ? {} : { after: replayed.catalog }),
  });
  const { since = "" } = request;
  const isAsked = (file: string): boolean => versionOf(file) >= since;
  const findings = [...fromFolder(contents), ...toCheckFindings(judged), ...(replayed?.findings ?? [])];
  return {
    folder: folder.label,
    files: contents.files.length,
    statements: judged.statements,
    replay: replayed?.state ?? "skipped",
    findings: withoutDoubles(findings).filter(({ file }) => isAsked(file)),
  };
}

function readable(files: readonly MigrationFile[], folder: string): readonly ReplayFile[] {
  return files.flatMap(({ fileName, content, skippedByCli }) =>
    content.kind === "sql" && !skippedByCli ? [{ path: `${folder}/${fileName}`, sql: content.sql }] : [],
  );
}

function fromFolder({ findings }: FolderContents): readonly CheckFinding[] {
  return findings.map(({ file = "", version: _, ...finding }) => ({ ...finding, file }));
}

/** psql commands and COPY data are told by the folder already, with a hint of their own. */
function withoutDoubles(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const told = new Set(findings.map(({ code, file }) => `${code} ${file}`));
  return findings.filter(
    ({ code, file }) =>
      code !== "unsupported_sql" ||
      !["psql_meta_command", "copy_from_stdin"].some((other) => told.has(`${other} ${file}`)),
  );
}

/** Versions sort by their text; what is no migration has none, and is always told. */
function versionOf(file: string): string {
  return /(?:^|\/)([0-9]+)_[^/]*$/.exec(file)?.[1] ?? "~";
}

interface Replayed {
  readonly state: "done" | "failed";
  readonly catalog: Catalog | undefined;
  readonly findings: readonly CheckFinding[];
}

const hint =
  "Make the folder build an empty database: a file needs what earlier files make. Else check with no_replay.";

async function replay(engine: EngineContext, files: readonly ReplayFile[]): Promise<Replayed> {
  const fence = newFence();
  const { cacheFolder } = engine.shadow;
  try {
    return await withShadow({ files, likeness: likenessOf(files), cacheFolder }, async (shadow) => ({
      state: shadow.findings.length === 0 ? "done" : "failed",
      catalog: shadow.catalog,
      findings: shadow.findings.map(({ file, line, cause, sqlstate }) => ({
        severity: isShadowsOwnLimit(sqlstate) ? "warning" : "error",
        code: "replay_failed",
        file,
        line,
        message: `It does not run on an empty database: ${fence.wrap(cause)}`,
        hint,
      })),
    }));
  } catch (error) {
    if (!(error instanceof DatabaseError) && !(error instanceof EngineError)) throw error;
    const message = `The folder could not be replayed: ${fence.wrap(error.message)}`;
    const file = files.at(-1)?.path ?? "";
    return {
      state: "failed",
      catalog: undefined,
      findings: [{ severity: "error", code: "replay_failed", file, message, hint }],
    };
  }
}

/** An extension or a library that PGlite does not have says nothing about the migration. */
function isShadowsOwnLimit(sqlstate: string | undefined): boolean {
  return sqlstate === "0A000" || sqlstate === "58P01";
}

const supabaseNames =
  /\b(?:auth|storage|extensions|realtime|vault)\.|\b(?:anon|authenticated|service_role)\b/;

/** Files that lie where the Supabase CLI puts them, or use what only a Supabase project has, are replayed in one. */
function likenessOf(files: readonly ReplayFile[]): "supabase" | "postgres" {
  const isSupabase = files.some(({ path, sql }) => path.includes("supabase/") || supabaseNames.test(sql));
  return isSupabase ? "supabase" : "postgres";
}
