import type { UnmodelledObject } from "../model/catalog.ts";
import type { SortedChanges } from "../compare/sort-changes.ts";
import type { SchemaComparison, SchemaDriftItem } from "../model/schema-drift-report.ts";
import type { ClosedGap } from "../prove/close-gap.ts";
import { judgeItems } from "../prove/judge-item.ts";
import type { NamedCandidate } from "../prove/renames.ts";
import { describePlatform, describeUnmodelled } from "./describe-platform.ts";
import { countClasses, describeSchemaDrift } from "./describe-schema-drift.ts";
import {
  describeCandidates,
  describeOffered,
  describeScript,
  writeRunnableScript,
} from "./describe-script.ts";
import type { Fence } from "./fence.ts";
import { countFitting } from "./page.ts";

const findingCharacters = 2_000;
const candidateCharacters = 1_500;
const noDriftCharacters = 2_000;

/** What a comparison of the live schema with the files found out (use-cases/compare-with-files.ts). */
export interface ComparedWithFiles {
  /** From live to files. */
  readonly sorted: SortedChanges;
  /** Files not applied yet, by the ids of the differences that they explain. */
  readonly explained: ReadonlyMap<string, string>;
  /** Files not applied yet ended their shadow, so that nobody knows what they explain. */
  readonly isPendingUnknown?: true;
  readonly unmodelled: {
    readonly live: readonly UnmodelledObject[];
    readonly files: readonly UnmodelledObject[];
  };
  readonly findings: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  readonly gaps?: { readonly toFiles: ClosedGap; readonly toLive: ClosedGap };
}

/** The third layer's part of an answer. */
export interface SchemaAnswer {
  readonly summary: string;
  readonly warnings: readonly string[];
  /** The drift; what is none stands in the section. */
  readonly items: readonly SchemaDriftItem[];
  readonly section: SchemaComparison;
}

/** The third layer in words. */
export function describeFilesComparison(
  compared: ComparedWithFiles,
  { isWhole, fence }: { readonly isWhole: boolean; readonly fence: Fence },
): SchemaAnswer {
  const { sorted, explained, gaps, unmodelled } = compared;
  const offered = gaps === undefined ? [] : offeredOf(gaps);
  const unanswered = offered.filter(isUnansweredIn(gaps));
  const own = describeSchemaDrift(
    {
      changes: sorted.drift,
      explained,
      offered,
      unanswered,
      sides: { from: "live", to: "files" },
      judges: gaps === undefined ? [] : judgesOf(gaps),
    },
    fence,
  );
  const others = [
    ...describeUnmodelled(
      { from: unmodelled.live, to: unmodelled.files },
      { from: "live", to: "files" },
      fence,
    ),
    ...describePlatform(sorted.platform),
  ];
  const all = [...own, ...others];
  const drift = all.filter(isDrift);
  const counts = countClasses([...own.filter(isDrift), ...others]);
  const notReplayed = describeNotReplayed(compared, { isWhole, fence });
  const explainedItems = own.filter((item) => item.explained_by !== undefined).length;
  const section: SchemaComparison = {
    counts,
    ...listNoDrift(all, isWhole),
    ...notReplayed,
    ...describeGaps({ gaps, offered, isWhole, fence }),
  };
  return {
    summary: summarize(drift, explainedItems),
    warnings: [
      ...warnOfLostShadow(compared),
      ...warn(section, { all: offered.length, left: unanswered.length }),
    ],
    items: drift,
    section,
  };
}

function listNoDrift(
  items: readonly SchemaDriftItem[],
  isWhole: boolean,
): Pick<SchemaComparison, "not_drift" | "not_drift_left_out"> {
  const all = items.filter((item) => !isDrift(item));
  const shown = isWhole ? all : all.slice(0, countFitting(all, noDriftCharacters));
  return {
    ...(shown.length === 0 ? {} : { not_drift: shown }),
    ...(shown.length === all.length ? {} : { not_drift_left_out: all.length - shown.length }),
  };
}

function describeGaps(given: {
  readonly gaps: ComparedWithFiles["gaps"];
  readonly offered: readonly NamedCandidate[];
  readonly isWhole: boolean;
  readonly fence: Fence;
}): Pick<SchemaComparison, "rename_candidates" | "scripts" | "sql"> {
  const { gaps, offered, isWhole, fence } = given;
  if (gaps === undefined) return {};
  const candidates = describeCandidates(offered, fence);
  const shown = isWhole ? candidates : candidates.slice(0, countFitting(candidates, candidateCharacters));
  return {
    ...(shown.length === 0 ? {} : { rename_candidates: shown }),
    scripts: {
      live_to_files: describeScript(gaps.toFiles, fence),
      files_to_live: describeScript(gaps.toLive, fence),
    },
    ...(isWhole
      ? {
          sql: {
            live_to_files: writeRunnableScript(gaps.toFiles),
            files_to_live: writeRunnableScript(gaps.toLive),
          },
        }
      : {}),
  };
}

/** Each once, although both directions have it. */
function offeredOf({ toFiles, toLive }: NonNullable<ComparedWithFiles["gaps"]>): readonly NamedCandidate[] {
  const known = new Set(toFiles.offered.map(({ from }) => from));
  return [...toFiles.offered, ...toLive.offered.filter(({ to }) => !known.has(to))];
}

function isUnansweredIn(gaps: ComparedWithFiles["gaps"]): (candidate: NamedCandidate) => boolean {
  const open = [...(gaps?.toFiles.unanswered ?? []), ...(gaps?.toLive.unanswered ?? [])];
  const keys = new Set(open.flatMap(({ from, to }) => [from, to]));
  return ({ from }) => keys.has(from);
}

/** The copy of the live schema is what the other script made of the files' copy: an item is proved only where both did their work. */
function judgesOf({ toFiles, toLive }: NonNullable<ComparedWithFiles["gaps"]>) {
  return [
    { script: "live_to_files", judge: judgeItems(toFiles) },
    { script: "files_to_live", judge: judgeItems(toLive) },
  ];
}

function describeNotReplayed(
  { findings }: ComparedWithFiles,
  { isWhole, fence }: { readonly isWhole: boolean; readonly fence: Fence },
): Pick<SchemaComparison, "not_replayed" | "not_replayed_left_out"> {
  const all = findings.map(({ file, line, cause }) => ({ file, line, cause: fence.wrap(cause) }));
  const shown = isWhole ? all : all.slice(0, countFitting(all, findingCharacters));
  return {
    ...(shown.length === 0 ? {} : { not_replayed: shown }),
    ...(shown.length === all.length ? {} : { not_replayed_left_out: all.length - shown.length }),
  };
}

/** The platform's own, what a pending file explains, and what could not be compared are no drift. */
export function isDrift(item: SchemaDriftItem): boolean {
  return item.class !== "platform" && item.change !== "not_compared" && item.explained_by === undefined;
}

function summarize(drift: readonly SchemaDriftItem[], explained: number): string {
  const waiting =
    explained === 0 ? "" : ` ${explained} more ${explained === 1 ? "is" : "are"} what pending files make.`;
  if (drift.length === 0) return ` The live schema is what the applied files produce.${waiting}`;
  const security = drift.filter((item) => item.class === "security").length;
  const unproved = drift.filter((item) => item.proved === undefined).length;
  const places = `${drift.length} ${drift.length === 1 ? "place" : "places"}`;
  const grave = security === 0 ? "" : `, ${security} of them about security`;
  const proof =
    unproved === 0 ? "SQL for both directions is proved on copies" : `${unproved} without proved SQL`;
  return ` The live schema differs from what the applied files produce in ${places}${grave}; ${proof}.${waiting}`;
}

function warnOfLostShadow({ gaps, isPendingUnknown }: ComparedWithFiles): readonly string[] {
  const isLost = gaps?.toFiles.copyLost !== undefined || gaps?.toLive.copyLost !== undefined;
  return [
    ...(isLost
      ? [
          "The shadow was lost while the scripts were tried: they are planned, and not proved. The differences were found before that. Call detect_drift again.",
        ]
      : []),
    ...(isPendingUnknown === undefined
      ? []
      : [
          "A pending file ended the shadow that it was replayed in, so what pending files would make counts as drift too. check_migrations {} tells which.",
        ]),
  ];
}

function warn(
  section: SchemaComparison,
  renames: { readonly all: number; readonly left: number },
): readonly string[] {
  const { not_replayed: notReplayed = [], not_replayed_left_out: more = 0 } = section;
  const statements = notReplayed.length + more;
  return [
    ...(statements === 0
      ? []
      : [
          `${statements} ${statements === 1 ? "statement" : "statements"} of applied files could not be replayed on an empty database, so what they make counts as made by hand (schema.not_replayed).`,
        ]),
    ...(renames.all === 0 ? [] : [describeOffered(renames, "renames")]),
  ];
}
