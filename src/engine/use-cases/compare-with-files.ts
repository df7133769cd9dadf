import { createHash } from "node:crypto";
import { alignVersions } from "../catalog/align-versions.ts";
import { changeId, factOf } from "../compare/change-id.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { asOfOtherEra, findEraCandidates, findEraGrants, withGrantsOf } from "../compare/grant-eras.ts";
import { setAside, sortChanges, type SortedChanges } from "../compare/sort-changes.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Gap, Selects } from "../prove/close-gap.ts";
import { assertAnswersFit, type RenameAnswer } from "../prove/renames.ts";
import { alignViews } from "../shadow/align-views.ts";
import { gatherEvidence, isDefaultOfEra, listGrantEra } from "../shadow/default-privileges.ts";
import type { Shadow } from "../shadow/replay.ts";
import type { ComparedWithFiles } from "../report/describe-files-comparison.ts";
import type { ReplayFinding } from "../shadow/replay-file.ts";
import { closeBothWays, type ClosedGaps } from "./close-both-ways.ts";
import type { EngineContext } from "./context.ts";
import { explainByPending } from "./explain-by-pending.ts";
import {
  appliedStates,
  listReplayable,
  pendingStates,
  withFilesReplayed,
  type AlignedShadow,
} from "./open-shadow.ts";
import type { Project } from "./read-project.ts";

/** How the live schema stands to what the applied files produce. */
export interface FilesComparison extends ComparedWithFiles {
  readonly findings: readonly ReplayFinding[];
  /** Absent where nothing is to be closed. */
  readonly gaps?: ClosedGaps;
}

interface Request {
  readonly engine: EngineContext;
  readonly project: Project;
  readonly live: Catalog;
  readonly answers: readonly RenameAnswer[];
  /** How statements are to be written, where not as planned. */
  readonly form?: Gap["form"];
}

/** Compares the live schema with what the files produce whose SQL has run, and proves on copies what closes the differences. */
export async function compareWithFiles(request: Request): Promise<FilesComparison> {
  const { engine, project, live } = request;
  // A database that was given as the shadow is looked at in any case: it may not fit.
  if (engine.shadow.url === undefined && isNothingToCompare(project, live)) {
    assertAnswersFit([], request.answers);
    return nothingToTell;
  }
  return withFilesReplayed(engine, { project, live }, async (shadow) => {
    const key = keyOf(request, shadow);
    if (key !== undefined && lastCompared?.key === key) return lastCompared.comparison;
    const comparison = await compare({ ...request, shadow });
    if (key !== undefined && isLasting(comparison)) lastCompared = { key, comparison };
    return comparison;
  });
}

// Each page of an answer is a call of its own, and proofs take many times as long as reading the schema.
let lastCompared: { readonly key: string; readonly comparison: FilesComparison } | undefined;

/** Digests all that goes into a comparison; undefined where something does that has no text. */
function keyOf({ project, live, answers, form }: Request, { stateKey }: Shadow): string | undefined {
  if (stateKey === undefined || form !== undefined) return undefined;
  const schema = { ...live, facts: [...live.facts.values()] };
  const given = [stateKey, schema, listReplayable(project, pendingStates), answers];
  return createHash("sha256").update(JSON.stringify(given)).digest("hex");
}

/** What a lost shadow leaves unproved or unexplained may be known the next time. */
function isLasting({ gaps, isPendingUnknown }: FilesComparison): boolean {
  const isLost = gaps?.toFiles.copyLost !== undefined || gaps?.toLive.copyLost !== undefined;
  return !isLost && isPendingUnknown === undefined;
}

const nothingToTell: FilesComparison = {
  sorted: { drift: [], platform: [] },
  explained: new Map(),
  unmodelled: { live: [], files: [] },
  findings: [],
};

/** Kinds that a database has without anybody's doing. */
const kindsOfFreshDatabases: ReadonlySet<string> = new Set([
  "schema",
  "extension",
  "comment",
  "grant",
  "default_privilege",
  "setting",
]);

/** A database in which nothing was applied and nothing was made needs no shadow to be told so. */
function isNothingToCompare(project: Project, live: Catalog): boolean {
  if (listReplayable(project, appliedStates).length > 0 || live.unmodelled.length > 0) return false;
  const isUsers = ({ kind, id }: { readonly kind: string; readonly id: { readonly name: string } }) =>
    !kindsOfFreshDatabases.has(kind) || (kind === "schema" && id.name !== "public");
  return [...live.facts.values()].every((fact) => fact.provenance !== "user" || !isUsers(fact));
}

interface Comparison extends Request {
  readonly shadow: AlignedShadow;
}

async function compare({
  engine,
  project,
  answers,
  form,
  live: read,
  shadow,
}: Comparison): Promise<FilesComparison> {
  const { left, right } = alignVersions(read, shadow.catalog);
  const live = await alignViews(left, { ...shadow, catalog: right });
  const all = sortChanges(diffCatalogs(live, right), { from: live, to: right, isWithShadow: true });
  const eras = await findGrantsOfEras({ engine, project, live: read, sorted: all });
  const sorted = setAside(all, eras, "grant_era");
  const files = withGrantsOf(
    live,
    right,
    all.drift.filter((change) => eras.has(changeId(change))),
  );
  const byPending =
    sorted.drift.length === 0
      ? new Map<string, string>()
      : await explainByPending({ engine, project, live: read, changes: sorted.drift });
  const explained = byPending ?? new Map<string, string>();
  const told = {
    sorted,
    explained,
    ...(byPending === undefined ? { isPendingUnknown: true as const } : {}),
    unmodelled: { live: read.unmodelled, files: shadow.catalog.unmodelled },
    findings: shadow.findings,
  };
  const selects: Selects = (from, to) =>
    sortChanges(diffCatalogs(from, to), { from, to, isWithShadow: true }).drift.filter(
      (change) =>
        !eras.has(changeId(change)) && !explained.has(changeId(change)) && !isDefaultOfEra(factOf(change)),
    );
  if (selects(live, files).length === 0) {
    assertAnswersFit([], answers);
    return told;
  }
  const gaps = await closeBothWays(shadow, {
    live,
    files,
    selects,
    answers,
    ...(form === undefined ? {} : { form }),
  });
  assertAnswersFit([...gaps.toLive.candidates, ...gaps.toFiles.candidates], answers);
  return { ...told, gaps };
}

/** Replays once more under the other era's default privileges, where grants differ that these may explain. */
async function findGrantsOfEras(given: {
  readonly engine: EngineContext;
  readonly project: Project;
  readonly live: Catalog;
  readonly sorted: SortedChanges;
}): Promise<ReadonlySet<string>> {
  const { engine, project, live, sorted } = given;
  const candidates = findEraCandidates(sorted.drift);
  if (candidates.length === 0) return new Set();
  const defaults = listGrantEra();
  const evidence = gatherEvidence(live);
  const isOld = defaults.some((fact) => fact.id.name === "SELECT" && evidence(fact) === "in force");
  const other = asOfOtherEra(live, { defaults, isOld });
  return withFilesReplayed(engine, { project, live: other }, async ({ catalog }) => {
    const { left, right } = alignVersions(live, catalog);
    return findEraGrants(candidates, left, right);
  });
}
