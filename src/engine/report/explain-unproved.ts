import type { CreateBaselineReport } from "../model/baseline-report.ts";
import type { Change } from "../model/catalog.ts";
import type { SchemaDriftItem } from "../model/schema-drift-report.ts";
import type { Refusal } from "../plan/schema-change/schema-change.ts";
import { adviseServerWith, lackingExtensions } from "./advise-on-schema.ts";
import { describeSchemaDrift } from "./describe-schema-drift.ts";
import type { Fence } from "./fence.ts";
import { countFitting } from "./page.ts";

/** A baseline that does not lead where it has to. */
export interface Unproved {
  readonly from: "live" | "files" | "baseline";
  readonly fileName: string;
  readonly statements: number;
  readonly differences: readonly Change[];
  readonly refusals: readonly Refusal[];
  readonly rowDifferences: readonly string[];
  readonly failures: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  /** Pending files by the ids of the differences that are gone once these have run, too. */
  readonly explained?: ReadonlyMap<string, string>;
  /** The folder's own file where it was to stand: what takes its word without a proof, and whether it waits to be applied. */
  readonly standing?: Standing;
}

export interface Standing {
  readonly version: string;
  readonly action: "mark_applied" | "accept_file";
  readonly isPending: boolean;
}

const differenceCharacters = 3_000;
const shownKinds = 12;
const shownFiles = 5;

/** The differences as items, security first. */
export function listDifferences(unproved: Unproved, fence: Fence): readonly SchemaDriftItem[] {
  const { differences: changes, refusals, explained = new Map() } = unproved;
  return describeSchemaDrift({ changes, refusals, explained, sides: { from: "live", to: "files" } }, fence);
}

/** One sentence on what was wrong with it. */
export function summarizeUnproved(unproved: Unproved, items: readonly SchemaDriftItem[]): string {
  const { from, fileName, failures, rowDifferences, statements } = unproved;
  const faults = [
    ...(statements === 0 ? ["it makes nothing, for it holds no statement"] : []),
    ...lackingExtensions(failures).map((name) => `the empty database has no extension ${name}`),
    ...(failures.length === 0 ? [] : [`${count(failures.length, "statement")} did not run`]),
    ...(items.length === 0 ? [] : [sayWhere(items)]),
    ...(rowDifferences.length === 0
      ? []
      : [`${count(rowDifferences.length, "row")} of its set-up are missing`]),
  ];
  const what = from === "baseline" ? `${fileName} was not taken over` : "No baseline was made";
  return `${what}: replayed on an empty database, ${joined(faults)}. Nothing was changed.`;
}

/** Which side has more tells which side is wrong. */
function sayWhere(items: readonly SchemaDriftItem[]): string {
  const of = (wanted: SchemaDriftItem["change"]) => items.filter(({ change }) => change === wanted).length;
  const parts = [
    [of("only_in_live"), "only live"],
    [of("only_in_files"), "only in the file"],
    [of("differs"), "on both sides"],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, where]) => `${number} ${where}`);
  return `the schema differs in ${count(items.length, "place")} (${told.join(", ")})`;
}

/** The differences by kind and the first of them. */
export function describeDifferences(
  items: readonly SchemaDriftItem[],
  isWhole: boolean,
): Pick<CreateBaselineReport, "differences" | "differences_left_out" | "difference_counts"> {
  if (items.length === 0) return {};
  const shown = isWhole ? items : items.slice(0, countFitting(items, differenceCharacters));
  const left = items.length - shown.length;
  return {
    difference_counts: countKinds(items),
    differences: shown,
    ...(left === 0 ? {} : { differences_left_out: left }),
  };
}

function countKinds(items: readonly SchemaDriftItem[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { change, kind } of items) {
    const what = `${kind} ${change}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const most = [...counts].toSorted(([, one], [, other]) => other - one);
  const rest = most.slice(shownKinds).reduce((sum, [, number]) => sum + number, 0);
  return Object.fromEntries([
    ...most.slice(0, shownKinds),
    ...(rest === 0 ? [] : [["others", rest] as const]),
  ]);
}

/** The ways on, each an exact call. */
export function adviseUnproved(
  unproved: Unproved,
  items: readonly SchemaDriftItem[],
  shadowUrl: string | undefined,
): readonly string[] {
  const { from, failures, standing, fileName } = unproved;
  const lacking = lackingExtensions(failures);
  const server = lacking.length === 0 ? [] : [adviseServerWith(lacking, shadowUrl)];
  if (from !== "baseline" || standing === undefined)
    return [
      ...server,
      "detect_drift { schema: true } shows what else differs; correct it and call create_baseline again.",
    ];
  const again = 'create_baseline { from: "baseline" } again';
  const { version, action, isPending } = standing;
  const aside = isPending
    ? `reconcile_history { actions: ["archive_file ${fileName}"], reason: "…" } puts ${fileName} aside, and create_baseline {} makes another one`
    : "create_baseline {} makes another one in its place";
  const alive = `Where the live schema is right: ${aside}.`;
  // Whoever took its word would be led to a migration that drops everything.
  if (unproved.statements === 0) return [alive];
  return [
    ...server,
    ...(lacking.length > 0 || failures.length === 0
      ? []
      : [
          `Correct what failures name: no empty database can be built from ${fileName} as it is. Then ${again}.`,
        ]),
    ...adviseOnPending(items, again),
    alive,
    `Where ${fileName} is right: reconcile_history { actions: ["mark_reverted all", "${action} ${version}"], reason: "…" } takes its word. What differs is drift then: detect_drift {} leads to the migration that ends it.`,
  ];
}

function adviseOnPending(items: readonly SchemaDriftItem[], again: string): readonly string[] {
  const paths = items.flatMap(({ explained_by: file }) => (file === undefined ? [] : [file]));
  if (paths.length === 0) return [];
  const files = [...new Set(paths)].toSorted().map((file) => file.slice(file.lastIndexOf("/") + 1));
  const marks = files.slice(0, shownFiles).map((file) => JSON.stringify(`mark_applied ${file}`));
  return [
    `${count(paths.length, "difference")} would be gone once pending files have run. Those that ran already: reconcile_history { actions: [${marks.join(", ")}], reason: "…" }, then ${again}.`,
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function joined(parts: readonly string[]): string {
  return parts.length < 3
    ? parts.join(" and ")
    : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}
