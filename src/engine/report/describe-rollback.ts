import { rowsAffectedBy } from "../effects/row-counters.ts";
import type { StatementResult } from "../model/history.ts";
import type { Loss } from "../model/loss.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { RollbackMigrationReport, RolledBackRow } from "../model/rollback-report.ts";
import type { WayBack } from "../model/rollback.ts";
import { describeLosses, summarizeLosses } from "./describe-losses.ts";
import { describeUndo, listLosses, listTables } from "./describe-undo.ts";
import type { Fence } from "./fence.ts";

/** What rolling back came to. */
export interface RollbackAnswer {
  readonly target: string;
  readonly folder: string;
  readonly status: RollbackMigrationReport["status"];
  /** Newest first. */
  readonly ways: readonly WayBack[];
  readonly files?: readonly MigrationFile[];
  readonly losses?: readonly Loss[];
  readonly planId?: string;
  readonly windowHours?: number;
  /** One list for each way. */
  readonly results?: readonly (readonly StatementResult[])[];
  readonly warnings: readonly string[];
}

/** SQL of all migrations together that an answer holds. */
const sqlCharacters = 12_000;

/** The answer about a rollback. */
export function describeRollback(answer: RollbackAnswer, fence: Fence): RollbackMigrationReport {
  const { target, status, planId, losses = [] } = answer;
  const showsPlan = status === "planned" || status === "confirmation_required";
  const warnings = [...answer.warnings, ...warnOfLosses(answer, fence)];
  const nextSteps = adviseNext(answer);
  return {
    summary: `${summarize(answer)}${showsPlan && losses.length > 0 ? ` ${summarizeLosses(losses, fence)}` : ""}`,
    target,
    status,
    ...(showsPlan && planId !== undefined
      ? { plan_id: planId, ...describeLosses(losses, fence, undefined) }
      : {}),
    migrations: describeRows(answer, fence),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

function describeRows({ ways, results }: RollbackAnswer, fence: Fence): readonly RolledBackRow[] {
  let left = sqlCharacters;
  return ways.map((way, index) => {
    const { version, name, appliedAt, rollback, givenSql } = way;
    const sql = rollback?.sql ?? givenSql ?? "";
    const shown = sql.slice(0, left);
    left -= shown.length;
    const done = results?.[index];
    return {
      version,
      name: fence.wrapName(name),
      applied_at: appliedAt,
      rollback:
        rollback === undefined
          ? "unproven: nobody looked for it when it was applied."
          : describeUndo(rollback, fence),
      ...(shown === ""
        ? {}
        : {
            sql:
              shown.length < sql.length ? `${shown}\n-- ${sql.length - shown.length} more characters` : shown,
          }),
      ...(done === undefined ? {} : ranRow(done)),
    };
  });
}

function ranRow(results: readonly StatementResult[]): Partial<RolledBackRow> {
  return {
    statements: results.length,
    rows_affected: rowsAffectedBy(results),
    duration_ms: results.reduce((total, { durationMs }) => total + durationMs, 0),
  };
}

function summarize({ status, ways, windowHours }: RollbackAnswer): string {
  const count = ways.length === 1 ? (ways[0]?.version ?? "") : `${ways.length} migrations`;
  switch (status) {
    case "rolled_back":
      return `Rolled back ${count}.`;
    case "planned":
      return `Would roll back ${count}; nothing was changed.`;
    case "confirmation_required":
      return `Nothing was rolled back: ${count} ${ways.length === 1 ? "waits" : "wait"} for a confirmation.`;
    case "window_closed":
      return windowHours === 0
        ? "Nothing was rolled back: this server keeps no way back (--rollback-window-hours 0)."
        : `Nothing was rolled back: ${ways.length === 1 ? count : "one of them"} was applied more than ${windowHours ?? 0} hours ago by the server's clock.`;
    case "nothing_to_roll_back":
      return "No migration is applied.";
  }
}

/** What was lost when a migration ran does not come back by undoing it. */
function warnOfLosses({ ways, status }: RollbackAnswer, fence: Fence): readonly string[] {
  if (status === "window_closed") return [];
  return ways.flatMap(({ version, rollback }) => {
    const { losses = [], rowsLeft = [] } = rollback ?? {};
    const verb = status === "rolled_back" ? "did" : "does";
    const lost = `${version} took away what ${verb} not come back: ${listLosses(losses, fence)}.`;
    const left = `Rows that ${version} wrote to ${listTables(rowsLeft, fence)} stay, and may be in the way when its file is applied again.`;
    return [...(losses.length === 0 ? [] : [lost]), ...(rowsLeft.length === 0 ? [] : [left])];
  });
}

function adviseNext({ status, ways, planId = "", files = [], folder }: RollbackAnswer): readonly string[] {
  switch (status) {
    case "rolled_back": {
      const pending = files.filter(({ version }) => ways.some((way) => way.version === version));
      const listed = pending.slice(0, 5).map(({ fileName }) => `${folder}/${fileName}`);
      const isOne = pending.length === 1;
      return [
        ...(pending.length === 0
          ? []
          : [
              `${listed.join(", ")} ${isOne ? "is" : "are"} pending again, for the Supabase CLI too: correct ${isOne ? "it" : "them"} and call apply_migration, or move ${isOne ? "it" : "them"} away.`,
            ]),
        "list_migrations {} shows what is applied.",
      ];
    }
    case "planned":
      return [
        `rollback_migration with the same arguments, without dry_run and with confirm: "${planId}" does exactly this.`,
      ];
    case "confirmation_required":
      return [
        `If this is wanted, call rollback_migration again with the same arguments and confirm: "${planId}". Ask your user first.`,
      ];
    case "window_closed":
      return [
        "Undo it going forward: create_migration { name, query } with the SQL above where it still fits, then apply_migration { dry_run: true }.",
      ];
    case "nothing_to_roll_back":
      return [];
  }
}
