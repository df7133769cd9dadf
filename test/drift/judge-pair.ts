import { readOracle } from "./catalog-oracle.ts";
import type { Lane } from "./lane.ts";
import { readDump, type Entries } from "./pg-dump.ts";
import { runScripts, runStatements, runWhatRuns, withClient } from "./run-script.ts";
import type { SchemaPair } from "./schema-pairs.ts";
import { cached } from "./sight-cache.ts";
import type { Subject, SubjectPlan } from "./subject.ts";

/** Why a direction failed. `missed`: held equal where the referees differ. `noise`: differences where they see none. */
export type FailureReason =
  | "threw"
  | "missed"
  | "noise"
  | "refused"
  | "sql_failed"
  | "dump_differs"
  | "catalog_differs"
  | "not_proved";

/** How it went from one side to the other. */
export interface DirectionVerdict {
  readonly reason: FailureReason | "ok";
  readonly details: readonly string[];
  readonly changes: readonly string[];
  readonly statements: readonly string[];
}

/** What became of a pair. */
export type PairVerdict = { readonly pair: string; readonly source: string } & (
  | { readonly kind: "not_loaded"; readonly details: readonly string[] }
  | {
      readonly kind: "judged";
      readonly areEqual: boolean;
      readonly aToB: DirectionVerdict;
      readonly bToA: DirectionVerdict;
    }
);

/** What the referees see. Without pg_dump there is one referee. */
interface Sight {
  readonly dump: Entries;
  readonly oracle: Entries;
}

interface Side<Snapshot> {
  readonly url: string;
  readonly snapshot: Snapshot | Error;
  readonly sight: Sight;
}

/** Where a judgement takes place, and over what. */
export interface Court<Snapshot> {
  readonly lane: Lane;
  readonly pgDump: string | undefined;
  readonly subject: Subject<Snapshot>;
}

/** Loads both sides, has the subject turn each into the other, and lets the referees say whether it did. */
export async function judgePair<Snapshot>(court: Court<Snapshot>, pair: SchemaPair): Promise<PairVerdict> {
  const named = { pair: pair.name, source: pair.source };
  const { lane } = court;
  try {
    const urls = { a: await lane.createDatabase(), b: await lane.createDatabase() };
    const failure =
      (await runScripts(lane.server.url, pair.roles === undefined ? [] : [pair.roles])) ??
      (await load(urls.a, pair.sides.a, pair)) ??
      (await load(urls.b, pair.sides.b, pair));
    if (failure !== undefined)
      return { ...named, kind: "not_loaded", details: [failure.message, failure.statement] };
    const roles = pair.roles ?? "";
    const a = await readSide({ court, url: urls.a, scripts: [roles, ...pair.sides.a] });
    const b = await readSide({ court, url: urls.b, scripts: [roles, ...pair.sides.b] });
    return {
      ...named,
      kind: "judged",
      areEqual: compareSights(a.sight, b.sight).length === 0,
      aToB: await judgeDirection(court, a, b),
      bToA: await judgeDirection(court, b, a),
    };
  } finally {
    await lane.reset();
  }
}

function load(url: string, scripts: readonly string[], { isLenient }: SchemaPair) {
  return isLenient === true ? runWhatRuns(url, scripts) : runScripts(url, scripts);
}

async function readSide<Snapshot>(parts: {
  readonly court: Court<Snapshot>;
  readonly url: string;
  readonly scripts: readonly string[];
}): Promise<Side<Snapshot>> {
  const { court, url, scripts } = parts;
  const [snapshot, entries] = await Promise.all([
    court.subject.read(url).catch(toError),
    cached([court.pgDump ?? "", String(court.lane.server.major), ...scripts], async () => {
      const { dump, oracle } = await look(court, url);
      return { dump: [...dump], oracle: [...oracle] };
    }),
  ]);
  return { url, snapshot, sight: { dump: new Map(entries.dump), oracle: new Map(entries.oracle) } };
}

async function look({ pgDump }: { readonly pgDump: string | undefined }, url: string): Promise<Sight> {
  const [dump, oracle] = await Promise.all([
    pgDump === undefined ? new Map<string, string>() : readDump(pgDump, url),
    readOracle(url),
  ]);
  return { dump, oracle };
}

/** Both sides were read before, so that the database itself can be changed: nobody needs it any more. */
async function judgeDirection<Snapshot>(
  court: Court<Snapshot>,
  from: Side<Snapshot>,
  to: Side<Snapshot>,
): Promise<DirectionVerdict> {
  const { snapshot: source } = from;
  const { snapshot: target } = to;
  if (source instanceof Error) return fail("threw", [String(source.stack)]);
  if (target instanceof Error) return fail("threw", [String(target.stack)]);
  const plan = await court.subject.plan(source, target).catch(toError);
  if (plan instanceof Error) return fail("threw", [String(plan.stack)]);
  const told = { changes: plan.changes, statements: plan.transactions.flat() };
  const differences = compareSights(from.sight, to.sight);
  if (plan.changes.length === 0) {
    return differences.length === 0
      ? { reason: "ok", details: [], ...told }
      : { ...fail("missed", differences), ...told };
  }
  if (differences.length === 0) return { ...fail("noise", plan.changes), ...told };
  if (plan.refusals.length > 0) return { ...fail("refused", plan.refusals), ...told };
  return { ...(await judgePlan({ court, plan, url: from.url, to: { ...to, snapshot: target } })), ...told };
}

async function judgePlan<Snapshot>(parts: {
  readonly court: Court<Snapshot>;
  readonly plan: SubjectPlan;
  readonly url: string;
  readonly to: { readonly snapshot: Snapshot; readonly sight: Sight };
}): Promise<DirectionVerdict> {
  const { court, plan, url, to } = parts;
  const failure = await applyPlan(url, plan);
  if (failure !== undefined) return fail("sql_failed", [failure.message, failure.statement]);
  const sight = await look(court, url);
  const dumpDifferences = compareEntries(sight.dump, to.sight.dump);
  if (dumpDifferences.length > 0) return fail("dump_differs", dumpDifferences);
  const oracleDifferences = compareEntries(sight.oracle, to.sight.oracle);
  if (oracleDifferences.length > 0) return fail("catalog_differs", oracleDifferences);
  const left = await court.subject.plan(await court.subject.read(url), to.snapshot).catch(toError);
  if (left instanceof Error) return fail("threw", [String(left.stack)]);
  return left.changes.length > 0 ? fail("not_proved", left.changes) : fail("ok", []);
}

async function applyPlan(url: string, { transactions }: SubjectPlan) {
  return withClient(url, (client) =>
    runStatements(
      client,
      transactions.flatMap((group) => (group.length > 1 ? ["begin", ...group, "commit"] : group)),
    ),
  );
}

function fail(reason: DirectionVerdict["reason"], details: readonly string[]): DirectionVerdict {
  return { reason, details, changes: [], statements: [] };
}

function compareSights(from: Sight, to: Sight): readonly string[] {
  return [...compareEntries(from.dump, to.dump), ...compareEntries(from.oracle, to.oracle)];
}

/** One text a difference: what is, and what should be. */
function compareEntries(is: Entries, shall: Entries): readonly string[] {
  return [...new Set([...is.keys(), ...shall.keys()])]
    .filter((key) => is.get(key) !== shall.get(key))
    .map((key) => `${key}\n  is:    ${is.get(key) ?? "absent"}\n  shall: ${shall.get(key) ?? "absent"}`);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
