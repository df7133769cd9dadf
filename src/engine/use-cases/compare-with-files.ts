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
  if (engine.shadow.url !== undefined) return compareInTurn(request);
  return withFilesReplayed(engine, { project, live }, async (shadow) => {
    const key = keyOf(request, shadow);
    if (key !== undefined && lastCompared?.key === key) return lastCompared.comparison;
    const comparison = await compare({ ...request, shadow, learned: undefined });
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
  /** Learned in the shadow itself where it is absent. */
  readonly learned: Learned | undefined;
}

/** What takes replays of its own to know of the differences. */
interface Learned {
  /** Ids of grants that another grant era explains. */
  readonly eras: ReadonlySet<string>;
  /** As `explainByPending` answers. */
  readonly byPending: ReadonlyMap<string, string> | undefined;
}

/** A server's shadow holds one replay at a time: where others are needed they come between two of the one that is worked in. */
async function compareInTurn(request: Request): Promise<FilesComparison> {
  const { engine, project, live } = request;
  const first = await withFilesReplayed(engine, { project, live }, async (shadow) => {
    const { sorted } = await look(live, shadow);
    if (needsReplays(project, sorted)) return { kind: "unknown", sorted } as const;
    return { kind: "known", comparison: await compare({ ...request, shadow, learned: undefined }) } as const;
  });
  if (first.kind === "known") return first.comparison;
  const learned = await learn(request, first.sorted);
  return withFilesReplayed(engine, { project, live }, (shadow) => compare({ ...request, shadow, learned }));
}

function needsReplays(project: Project, { drift }: SortedChanges): boolean {
  if (drift.length === 0) return false;
  return findEraCandidates(drift).length > 0 || listReplayable(project, pendingStates).length > 0;
}

async function learn({ engine, project, live }: Request, all: SortedChanges): Promise<Learned> {
  const eras = await findGrantsOfEras({ engine, project, live, sorted: all });
  const { drift: changes } = setAside(all, eras, "grant_era");
  const byPending =
    changes.length === 0 ? new Map() : await explainByPending({ engine, project, live, changes });
  return { eras, byPending };
}

/** Both sides as they can be compared, and how they differ. */
async function look(
  read: Catalog,
  shadow: AlignedShadow,
): Promise<{ readonly live: Catalog; readonly right: Catalog; readonly sorted: SortedChanges }> {
  const { left, right } = alignVersions(read, shadow.catalog);
  const live = await alignViews(left, { ...shadow, catalog: right });
  const sorted = sortChanges(diffCatalogs(live, right), { from: live, to: right, isWithShadow: true });
  return { live, right, sorted };
}

async function compare(comparison: Comparison): Promise<FilesComparison> {
  const { answers, form, live: read, shadow } = comparison;
  const { live, right, sorted: all } = await look(read, shadow);
  const { eras, byPending } = comparison.learned ?? (await learn(comparison, all));
  const sorted = setAside(all, eras, "grant_era");
  const files = withGrantsOf(
    live,
    right,
    all.drift.filter((change) => eras.has(changeId(change))),
  );
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
