import type { DatabaseError, EngineError } from "../errors.ts";
import { mergeRows, rowsAffectedBy, sumRows } from "../effects/row-counters.ts";
import type { MigrationEnd } from "../execute/run-plan.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type {
  ApplyMigrationReport,
  ApplyStatus,
  FailureReport,
  MigrationOutcome,
  MigrationResultRow,
} from "../model/report.ts";
import type { ApplyAnswer, PlannedSource } from "./apply-answer.ts";
import { describeLosses, summarizeLosses } from "./describe-losses.ts";
import { describeRehearsal, totalRows } from "./describe-rehearsal.ts";
import { describeRuleFindings, summarizeAsked } from "./describe-rule-findings.ts";
import { describeTableRows } from "./describe-trace.ts";
import { describeUndo } from "./describe-undo.ts";
import { describeFailure } from "./failure.ts";
import type { Fence } from "./fence.ts";
import { countFitting } from "./page.ts";
import { warnOfManyRows } from "./warn-of-many-rows.ts";
import { summarizeApply } from "./summarize-apply.ts";

/** Together with all else in it, an answer then stays below the 24 KB that clients take whole (docs/decisions/0007). */
const rowCharacters = 14_000;

/** The answer about applying; only a whole one shows every migration, whatever their number. */
export function describeApply(
  answer: ApplyAnswer,
  fence: Fence,
  answerSize: "whole" | undefined,
): ApplyMigrationReport {
  const rows = describeRows(answer, fence);
  const shown = answerSize === "whole" ? rows : extract(rows);
  const { verdict, planId, losses, findings } = answer.settled;
  const isAsking = answer.rehearsed === undefined && verdict === "confirmation_required";
  const status = isAsking ? "confirmation_required" : statusOf(answer, rows);
  const failure = isAsking ? undefined : findFailure(answer, fence);
  const showsPlan = (status === "rehearsed" || isAsking) && planId !== undefined;
  const { verified, unasked } = answer.spec;
  const warnings = [
    ...answer.warnings,
    ...warnAboutRehearsal(answer, rows),
    ...(unasked === undefined || isAsking ? [] : [unasked]),
  ];
  const nextSteps = adviseNext(answer, status, rows);
  return {
    summary: [
      summarizeApply({ answer, status, rows, failure }),
      ...(showsPlan ? describeStake(answer, fence) : []),
    ].join(" "),
    target: answer.project.database.target.label,
    status,
    ...(showsPlan ? { plan_id: planId, ...describeLosses(losses, fence, answerSize) } : {}),
    ...describeRuleFindings(findings, fence, answerSize),
    migrations: shown,
    ...(shown.length === rows.length ? {} : { migrations_left_out: rows.length - shown.length }),
    ...(failure === undefined ? {} : { failure }),
    ...(verified === undefined ? {} : { verified }),
    ...(answer.rehearsed === undefined
      ? {}
      : { rehearsal: describeRehearsal(answer.rehearsed, fence, answerSize) }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

/** What is at stake, as sentences; none where nothing is. */
function describeStake({ settled }: ApplyAnswer, fence: Fence): readonly string[] {
  const { losses, findings } = settled;
  return [
    losses.length === 0 ? "" : summarizeLosses(losses, fence),
    summarizeAsked(findings.asked, fence),
  ].filter((sentence) => sentence !== "");
}

/** Those that need to be seen, then as many of the others as fit, in their order. */
function extract(rows: readonly MigrationResultRow[]): readonly MigrationResultRow[] {
  const quiet = new Set<MigrationOutcome>(["applied", "already_applied", "rehearsed", "not_run"]);
  const ranked = rows.toSorted((a, b) => Number(quiet.has(a.outcome)) - Number(quiet.has(b.outcome)));
  const kept = new Set(ranked.slice(0, countFitting(ranked, rowCharacters)));
  return rows.filter((row) => kept.has(row));
}

function describeRows(answer: ApplyAnswer, fence: Fence): readonly MigrationResultRow[] {
  const { plan, ends, obstacle, alreadyApplied } = answer;
  const rows = plan.migrations.map((migration, index) =>
    describeRow({ answer, migration, end: ends[index] ?? { kind: "not_run" } }, fence),
  );
  const already = alreadyApplied.map((file) => describeAlready(answer, file));
  if (obstacle === undefined) return [...already, ...rows];
  const isReached = ends.every((end) => end.kind === "applied" || end.kind === "already_applied");
  return [
    ...already,
    ...rows,
    toRow(answer, obstacle.source, { outcome: isReached ? "failed" : "not_run", statements: 0 }),
  ];
}

interface EndedMigration {
  readonly answer: ApplyAnswer;
  readonly migration: PlannedMigration;
  readonly end: MigrationEnd;
}

/** Tables that a row of an answer names. */
const mostTables = 5;

function describeRow({ answer, migration, end }: EndedMigration, fence: Fence): MigrationResultRow {
  const statements = migration.statements.filter((statement) => statement.isExecutable).length;
  const facts = { outcome: outcomeOf(end, answer.rehearsed !== undefined), statements };
  if (end.kind !== "applied") return toRow(answer, migration, facts);
  const results = answer.rehearsed === undefined ? end.results : [];
  const tables = mergeRows(results.flatMap((result) => result.tables ?? []));
  if (end.totalMs !== undefined) return { ...toRow(answer, migration, facts), duration_ms: end.totalMs };
  return {
    ...toRow(answer, migration, facts),
    rows_affected:
      answer.rehearsed === undefined
        ? rowsAffectedBy(end.results)
        : sumRows(totalRows(answer.rehearsed.rehearsal, migration)),
    ...(tables.length === 0
      ? {}
      : { tables: tables.slice(0, mostTables).map((rows) => describeTableRows(rows, fence)) }),
    duration_ms: end.results.reduce((total, { durationMs }) => total + durationMs, 0),
    ...(end.rollback === undefined ? {} : { rollback: describeUndo(end.rollback, fence) }),
  };
}

function describeAlready(answer: ApplyAnswer, file: MigrationFile): MigrationResultRow {
  const { version, name, fileName, content } = file;
  const checksum = content.kind === "sql" ? content.checksum : "";
  const source = { version, name, fileName, checksum };
  return toRow(answer, source, { outcome: "already_applied", statements: 0 });
}

function toRow(
  answer: ApplyAnswer,
  source: Omit<PlannedSource, "sql">,
  facts: Pick<MigrationResultRow, "outcome" | "statements">,
): MigrationResultRow {
  const { version, name, fileName, checksum } = source;
  return { version, name, file: `${answer.project.folder.label}/${fileName}`, checksum, ...facts };
}

function outcomeOf(end: MigrationEnd, isRehearsal: boolean): MigrationOutcome {
  if (end.kind === "applied") return isRehearsal ? "rehearsed" : "applied";
  if (end.kind === "unconfirmed") return end.keepsSteps ? "incomplete" : "not_run";
  return end.kind === "failed" && end.keepsSteps ? "incomplete" : end.kind;
}

function statusOf(answer: ApplyAnswer, rows: readonly MigrationResultRow[]): ApplyStatus {
  const has = (outcome: MigrationOutcome) => rows.some((row) => row.outcome === outcome);
  if (has("in_doubt")) return "in_doubt";
  if (has("failed") || has("incomplete")) return "failed";
  if (rows.length === 0) return "nothing_to_apply";
  if (rows.every((row) => row.outcome === "already_applied")) return "already_applied";
  return answer.rehearsed === undefined ? "applied" : "rehearsed";
}

/** The first failure there is: of a migration that ran, else of the one that could not be planned. */
function findFailure(answer: ApplyAnswer, fence: Fence): FailureReport | undefined {
  const { plan, ends, obstacle, project } = answer;
  const index = ends.findIndex((end) => end.kind === "failed" || end.kind === "in_doubt");
  const end = ends[index];
  const migration = plan.migrations[index];
  const failed = failureOf(end);
  if (failed !== undefined && migration !== undefined) {
    const file = `${project.folder.label}/${migration.fileName}`;
    return describeFailure(failed.error, { migration, file, statement: failed.statement }, fence);
  }
  const isBlocked = ends.some((each) => each.kind === "not_run");
  if (obstacle === undefined || isBlocked) return undefined;
  const file = `${project.folder.label}/${obstacle.source.fileName}`;
  return describeFailure(obstacle.error, { migration: obstacle.source, file, statement: undefined }, fence);
}

function failureOf(end: MigrationEnd | undefined):
  | {
      readonly error: DatabaseError | EngineError;
      readonly statement: Extract<MigrationEnd, { kind: "failed" }>["statement"];
    }
  | undefined {
  if (end?.kind === "failed") return { error: end.error, statement: end.statement };
  return end?.kind === "in_doubt" ? { error: end.error, statement: undefined } : undefined;
}

function warnAboutRehearsal(
  { rehearsed }: ApplyAnswer,
  rows: readonly MigrationResultRow[],
): readonly string[] {
  if (rehearsed === undefined) return [];
  const many = warnOfManyRows(rehearsed);
  const [first] = rows.filter((row) => row.outcome === "not_run");
  const hasFailed = rows.some((row) => row.outcome === "failed");
  if (first === undefined || hasFailed) return many;
  return [
    ...many,
    `${first.file} holds a statement that cannot run in a transaction, so it was rehearsed up to there only, and what follows was not.`,
  ];
}

function adviseNext(
  answer: ApplyAnswer,
  status: ApplyStatus,
  rows: readonly MigrationResultRow[],
): readonly string[] {
  const { planId = "" } = answer.settled;
  switch (status) {
    case "rehearsed":
      return [
        `Call apply_migration again without dry_run and with confirm: "${planId}" to apply exactly this.`,
      ];
    case "confirmation_required":
      return [
        `If this is wanted, call apply_migration again with the same arguments and confirm: "${planId}". Ask your user first.`,
      ];
    case "failed":
      return answer.rehearsed !== undefined ? [] : adviseAfterFailure(answer, rows);
    case "in_doubt":
      return ["list_migrations {} tells whether it was applied, once the database answers."];
    case "applied":
      return ["detect_drift {} checks that files and history agree."];
    case "already_applied":
    case "nothing_to_apply":
      return [];
  }
}

function adviseAfterFailure(answer: ApplyAnswer, rows: readonly MigrationResultRow[]): readonly string[] {
  const failed = rows.find((row) => row.outcome === "failed" || row.outcome === "incomplete");
  if (failed === undefined) return [];
  const { version, name, file } = failed;
  const specFile = answer.spec.verified?.failed === undefined ? undefined : answer.spec.verified.file;
  const meant =
    specFile === undefined
      ? []
      : [
          `Where the change is meant, correct ${specFile} and call apply_migration { version: "${version}" }.`,
        ];
  if (answer.toWrite === undefined)
    return [`Correct ${file}, then call apply_migration { version: "${version}" }.`, ...meant];
  return [
    `${file} is pending. Call apply_migration { version: "${version}", name: "${name}", query: … } with the corrected SQL: the old text is kept in archive/.`,
    ...meant,
  ];
}
