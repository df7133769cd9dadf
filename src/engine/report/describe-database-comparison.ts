import type { SortedChanges } from "../compare/sort-changes.ts";
import type { Catalog } from "../model/catalog.ts";
import type {
  CompareDatabasesReport,
  RenameCandidateReport,
  SchemaDriftItem,
  ScriptProof,
} from "../model/schema-drift-report.ts";
import type { ClosedGap } from "../prove/close-gap.ts";
import { judgeItems } from "../prove/judge-item.ts";
import { isDrift } from "./describe-files-comparison.ts";
import { describePlatform, describeUnmodelled } from "./describe-platform.ts";
import { countClasses, describeSchemaDrift } from "./describe-schema-drift.ts";
import {
  describeCandidates,
  describeOffered,
  describeScript,
  listReasons,
  writeRunnableScript,
} from "./describe-script.ts";
import type { Fence } from "./fence.ts";

interface Compared {
  readonly target: string;
  readonly against: string;
  /** Which is the default, and seldom what a comparison of two servers is about. */
  readonly isTargetEmbedded: boolean;
  readonly ours: Catalog;
  readonly theirs: Catalog;
  readonly sorted: SortedChanges;
  readonly gaps?: { readonly copy?: ClosedGap; readonly toAgainst: ClosedGap; readonly toTarget: ClosedGap };
}

/** Two databases side by side, in words. */
export function describeDatabaseComparison(compared: Compared, fence: Fence): CompareDatabasesReport {
  const { target, against, ours, theirs, sorted, gaps } = compared;
  const own = describeSchemaDrift(
    {
      changes: sorted.drift,
      explained: new Map(),
      offered: gaps?.toAgainst.offered ?? [],
      unanswered: gaps?.toAgainst.unanswered ?? [],
      sides: { from: "target", to: "against" },
      judges: judgesOf(gaps),
    },
    fence,
  );
  const items = [
    ...own,
    ...describeUnmodelled(
      { from: ours.unmodelled, to: theirs.unmodelled },
      { from: "target", to: "against" },
      fence,
    ),
    ...describePlatform(sorted.platform),
  ];
  const candidates = describeCandidates(gaps?.toAgainst.offered ?? [], fence);
  const drift = items.filter(isDrift);
  const others = items.filter((item) => !isDrift(item));
  const warnings = [
    ...(compared.isTargetEmbedded
      ? [`The target is the ${target}. Give --database-url to compare another database.`]
      : []),
    ...warn(gaps),
  ];
  const nextSteps = advise(candidates, { isDifferent: drift.length > 0, target, against });
  return {
    summary: summarize(drift),
    target,
    against,
    has_drift: drift.length > 0,
    layers: ["schema"],
    counts: countClasses(items),
    drift,
    ...(others.length === 0 ? {} : { not_drift: others }),
    sql: {
      to_against: gaps === undefined ? "" : writeRunnableScript(gaps.toAgainst),
      to_target: gaps === undefined ? "" : writeRunnableScript(gaps.toTarget),
    },
    ...(gaps === undefined
      ? {}
      : {
          scripts: {
            to_against: describeOnCopy(gaps.toAgainst, gaps.copy, fence),
            to_target: describeOnCopy(gaps.toTarget, gaps.copy, fence),
          },
        }),
    ...(candidates.length === 0 ? {} : { rename_candidates: candidates }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

function advise(
  [candidate]: readonly RenameCandidateReport[],
  of: { readonly isDifferent: boolean; readonly target: string; readonly against: string },
): readonly string[] {
  if (!of.isDifferent) return [];
  return [
    ...(candidate === undefined
      ? []
      : [
          `Say of each of rename_candidates what is so, such as --renames "${candidate.if_renamed}" or --renames "${candidate.if_not}", and compare again.`,
        ]),
    `Save sql.to_against and run it on the target (${of.target}) to make it like ${of.against}, or sql.to_target the other way round: psql -v ON_ERROR_STOP=1 -f <file>.`,
  ];
}

function judgesOf(gaps: Compared["gaps"]) {
  if (gaps === undefined) return [];
  return [
    ...(gaps.copy === undefined ? [] : [{ script: "copy of the target", judge: judgeItems(gaps.copy) }]),
    { script: "to_against", judge: judgeItems(gaps.toAgainst) },
    { script: "to_target", judge: judgeItems(gaps.toTarget) },
  ];
}

/** What the copy lacks of the target, a script could not show its worth on. */
function describeOnCopy(gap: ClosedGap, copy: ClosedGap | undefined, fence: Fence): ScriptProof {
  const lacks = copy === undefined ? [] : listReasons(copy);
  const proof = describeScript(gap, fence);
  if (lacks.length === 0) return proof;
  const because = [`The copy lacks something of the target: ${lacks[0] ?? ""}`].map((text) =>
    fence.wrap(text),
  );
  return { ...proof, proved: false, because: [...(proof.because ?? []), ...because] };
}

function warn(gaps: Compared["gaps"]): readonly string[] {
  const { offered = [], unanswered = [], copyLost } = gaps?.toAgainst ?? {};
  return [
    ...(copyLost === undefined
      ? []
      : ["No copy of the target could be made to try the scripts on: they are planned, and not proved."]),
    ...(offered.length === 0
      ? []
      : [describeOffered({ all: offered.length, left: unanswered.length }, "--renames")]),
  ];
}

function summarize(items: readonly SchemaDriftItem[]): string {
  if (items.length === 0) return "The two schemas are equal.";
  const security = items.filter((item) => item.class === "security").length;
  const unproved = items.filter((item) => item.proved === undefined).length;
  const places = `${items.length} ${items.length === 1 ? "place" : "places"}`;
  const grave = security === 0 ? "" : `, ${security} of them about security`;
  const proof =
    unproved === 0 ? "SQL for both directions is proved on copies" : `${unproved} without proved SQL`;
  return `The two schemas differ in ${places}${grave}; ${proof}.`;
}
