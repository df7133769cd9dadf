import type { CreateBaselineReport } from "../model/baseline-report.ts";
import type { Change } from "../model/catalog.ts";
import type { SchemaDriftItem } from "../model/schema-drift-report.ts";
import type { HistoryChangePlan } from "../model/history-change.ts";
import { listFew } from "../model/list-few.ts";
import type { Replaced } from "../plan/baseline/choose-replaced.ts";
import { describeSchemaDrift } from "./describe-schema-drift.ts";
import {
  adviseUnproved,
  describeDifferences,
  listDifferences,
  summarizeUnproved,
  type Unproved,
} from "./explain-unproved.ts";
import type { Fence } from "./fence.ts";

/** A statement that did not run in the shadow. */
interface NotRun {
  readonly file: string;
  readonly line: number;
  readonly cause: string;
}

/** A baseline and what proving it came to. `from` is `baseline` where the folder has it already. */
export interface BaselineFacts extends Unproved {
  readonly replaced: Replaced;
  readonly text: string;
  readonly isProved: boolean;
  readonly pendingFailures: readonly NotRun[];
  /** A pending file that looks like somebody else's squash of the same migrations. */
  readonly waitingSquash?: string;
  /** What no file may hold. */
  readonly leftOut: readonly string[];
  readonly unread: readonly { readonly table: string; readonly cause: string }[];
  readonly unmodelled: readonly string[];
}

/** The same with what was done. */
export interface BaselineAnswer extends BaselineFacts {
  readonly target: string;
  readonly folder: string;
  readonly plan: HistoryChangePlan;
  readonly status: CreateBaselineReport["status"];
  /** How the live schema departs from what the applied migrations make; undefined where nobody can say. */
  readonly adopted: readonly Change[] | undefined;
}

const shownFiles = 20;
/** Somebody has to make each of these. */
const shownLeftOut = 25;
const shownPerWarning = 5;

/** The answer of create_baseline. */
export function describeBaseline(
  answer: BaselineAnswer,
  fence: Fence,
  telling: {
    readonly warnings: readonly string[];
    readonly size: "whole" | undefined;
    /** Where files are replayed, if a person gave a place. */
    readonly shadowUrl: string | undefined;
  },
): CreateBaselineReport {
  const { replaced, plan, isProved, status, failures } = answer;
  const isWhole = telling.size === "whole";
  const items = listDifferences(answer, fence);
  const warnings = [...telling.warnings, ...warn(answer, fence)];
  const shown = isWhole ? failures : failures.slice(0, shownFiles);
  return {
    summary: summarize(answer, items),
    target: answer.target,
    status,
    ...(status === "planned" || status === "confirmation_required" ? { plan_id: plan.id } : {}),
    version: replaced.version,
    file: `${answer.folder}/${answer.fileName}`,
    statements: answer.statements,
    replaces: describeReplaced(replaced, isWhole),
    proved: isProved,
    ...describeDifferences(items, isWhole),
    ...(shown.length === 0
      ? {}
      : { failures: shown.map(({ file, line, cause }) => ({ file, line, cause: fence.wrap(cause) })) }),
    ...(isWhole && status !== "done" && answer.from !== "baseline" ? { sql: answer.text } : {}),
    ...(warnings.length === 0 ? {} : { warnings }),
    next_steps: adviseAfter(answer, items, telling.shadowUrl),
  };
}

/** The section of the archive's summary for people. */
export function summarizeBaseline(facts: {
  readonly replaced: Replaced;
  readonly fileName: string;
  readonly from: BaselineFacts["from"];
  readonly target: string;
}): string {
  const { replaced, fileName, from, target } = facts;
  const { versions, applied, neverApplied, pending } = replaced;
  const origin = sources[from];
  const listed = (title: string, files: readonly { readonly fileName: string }[]) =>
    files.length === 0 ? [] : ["", `${title}:`, "", ...files.map((file) => `- \`${file.fileName}\``)];
  return [
    `## Baseline ${replaced.version}`,
    "",
    `\`${fileName}\` stands for the ${versions.length} versions that ${target} had recorded, ${versions[0] ?? ""} to ${versions.at(-1) ?? ""}.`,
    `${origin}, and replaying it on an empty database led to the same schema. It holds no rows of tables but buckets, queues and cron jobs.`,
    "The replaced history rows are in `supabase_migrations.migration_history_archive`.",
    ...listed("Files that it replaced", applied),
    ...listed("Files that were never applied, kept here and not part of it", neverApplied),
    ...listed("Files that stay to be applied after it", pending),
    "",
  ].join("\n");
}

const sources: Readonly<Record<BaselineFacts["from"], string>> = {
  live: "It was made from the live schema",
  files: "It was made from what the migration files produce",
  baseline: "It was in the folder already",
};

function summarize(answer: BaselineAnswer, items: readonly SchemaDriftItem[]): string {
  const { replaced, status, isProved, fileName } = answer;
  const { versions, applied, neverApplied } = replaced;
  const isDone = status === "done";
  const files = applied.length + neverApplied.length;
  if (!isProved && !isDone) return summarizeUnproved(answer, items);
  const what = `${fileName} ${isDone ? "now stands" : "would stand"} for ${count(versions.length, "recorded migration")} and ${count(files, "file")}`;
  return `${what}; replayed on an empty database it gives the same schema.${isDone ? "" : " Nothing was changed yet."}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function describeReplaced(replaced: Replaced, isWhole: boolean): CreateBaselineReport["replaces"] {
  const { versions, applied, neverApplied } = replaced;
  const files = [...applied, ...neverApplied].map(({ fileName }) => fileName);
  const shown = isWhole ? files : files.slice(0, shownFiles);
  return {
    entries: versions.length,
    oldest: versions[0] ?? replaced.version,
    newest: versions.at(-1) ?? replaced.version,
    files: shown,
    ...(shown.length < files.length ? { files_left_out: files.length - shown.length } : {}),
    ...(neverApplied.length === 0 ? {} : { never_applied: neverApplied.map(({ fileName }) => fileName) }),
  };
}

function warn(answer: BaselineAnswer, fence: Fence): readonly string[] {
  const { replaced, leftOut, unread, unmodelled, pendingFailures, rowDifferences } = answer;
  const { neverApplied } = replaced;
  const wrapped = (texts: readonly string[]) => fence.wrap(first(texts));
  return [
    ...(neverApplied.length === 0
      ? []
      : [
          `Never applied and older than the baseline, so archived with the others and not part of it: ${first(neverApplied.map(({ fileName }) => fileName))}. To run one, call create_migration with its SQL.`,
        ]),
    ...warnAdopted(answer, fence),
    ...(pendingFailures.length === 0
      ? []
      : [
          `Pending files hold ${count(pendingFailures.length, "statement")} that would not run after it: ${wrapped(pendingFailures.map(({ file, line, cause }) => `${file}:${line}: ${cause}`))}`,
        ]),
    ...(leftOut.length === 0
      ? []
      : [`Left out, to be made by hand in a new database: ${fence.wrap(first(leftOut, shownLeftOut))}`]),
    ...(rowDifferences.length === 0 ? [] : [`Set-up rows that it does not make: ${wrapped(rowDifferences)}`]),
    ...(unread.length === 0
      ? []
      : [`Not read, so not part of it: ${wrapped(unread.map(({ table, cause }) => `${table}: ${cause}`))}`]),
    ...(unmodelled.length === 0
      ? []
      : [`Objects of kinds that Godwit does not know are not part of it: ${wrapped(unmodelled)}`]),
    ...(answer.from === "baseline" ? [] : warnVersion(replaced)),
  ];
}

function warnAdopted({ adopted, from }: BaselineAnswer, fence: Fence): readonly string[] {
  if (adopted === undefined || adopted.length === 0) return [];
  const sides = { from: "live", to: "files" } as const;
  const items = describeSchemaDrift({ changes: adopted, sides }, fence);
  const named = listFew(
    items,
    shownPerWarning,
    ({ object, change }) => `${object} (${change.replaceAll("_", " ")})`,
  );
  const fact = `The live schema differs from what the applied migrations make in ${count(items.length, "place")}`;
  const effect =
    from === "live"
      ? "the baseline takes over the live schema"
      : "the baseline is made from the files, so that this drift stays";
  return [`${fact}, and ${effect}: ${named}.`];
}

function warnVersion({ version, versions }: Replaced): readonly string[] {
  if (versions.includes(version)) return [];
  return [
    `The newest recorded version, ${versions.at(-1) ?? ""}, is no 14-digit instant, so the baseline gets ${version}: mark it as applied wherever the old migrations were applied.`,
  ];
}

function first(texts: readonly string[], count: number = shownPerWarning): string {
  const shown = texts.slice(0, count).join("; ");
  return texts.length > count ? `${shown}; and ${texts.length - count} more` : shown;
}

/** What the baseline takes the place of would be run on top of it. */
function adviseOnWaitingSquash({ waitingSquash, pendingFailures }: BaselineAnswer): readonly string[] {
  const isInTheWay = pendingFailures.some(({ file }) => file.endsWith(`/${waitingSquash ?? ""}`));
  if (waitingSquash === undefined || !isInTheWay) return [];
  return [
    `${waitingSquash} stays pending and would not run after it. Where it is a squash of the same migrations: reconcile_history { actions: ["archive_file ${waitingSquash}"] } puts it aside first.`,
  ];
}

function adviseAfter(
  answer: BaselineAnswer,
  items: readonly SchemaDriftItem[],
  shadowUrl: string | undefined,
): readonly string[] {
  const { plan, replaced, from } = answer;
  switch (answer.status) {
    case "confirmation_required":
    case "planned": {
      const source = from === "live" ? "" : `from: "${from}", `;
      return [
        `create_baseline { ${source}confirm: "${plan.id}" } carries out exactly this.`,
        ...adviseOnWaitingSquash(answer),
      ];
    }
    case "not_proved":
      return adviseUnproved(answer, items, shadowUrl);
    case "done":
      return [
        "list_migrations shows the new history; commit the folder with its archive.",
        ...(replaced.pending.length === 0
          ? []
          : ["apply_migration { dry_run: true } rehearses the pending files."]),
        ...(from === "baseline"
          ? []
          : [
              'Other databases that applied the old migrations: create_baseline { from: "baseline" } there, once they have the new folder.',
            ]),
      ];
  }
}
