import { toCatalog } from "../catalog/read-catalog.ts";
import { snapshotQuery } from "../catalog/snapshot-query.ts";
import { sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import { ownTimeoutMs, type Instance } from "./instance.ts";
import { openInstanceSession } from "./instance-session.ts";
import { describePreparation, prepareShadow } from "./prepare-shadow.ts";
import { findLongestKept, keepReplay, readKeptImage, readKeptReplay, stateKeys } from "./replay-cache.ts";
import { isPoisoned, listSteps, replayFile, type ReplayFile, type ReplayFinding } from "./replay-file.ts";
import { describeFreshShadow, startShadow, type ShadowLikeness } from "./start-shadow.ts";

/** What a shadow may use up before it is ended. */
export interface ShadowLimits {
  /** For one statement of a file. */
  readonly statementTimeoutMs: number;
  /** Resident memory of its process; watched on Linux only. */
  readonly memoryBytes: number;
}

/** What to replay, and what on. */
export interface ReplayRequest {
  /** In the order of application. */
  readonly files: readonly ReplayFile[];
  readonly likeness: ShadowLikeness;
  /** The live database, whose extensions and default privileges the shadow starts with. */
  readonly live?: Catalog;
  /** Absolute folder for images of earlier replays; nothing is kept where it is absent. */
  readonly cacheFolder?: string;
  readonly limits?: ShadowLimits;
}

/** What the files produce. */
export interface Replay {
  readonly catalog: Catalog;
  /** Statements that did not run; the catalog lacks what they would have made. */
  readonly findings: readonly ReplayFinding[];
}

/** Half a minute a statement, and memory for 1,000 tables several times over. */
export const defaultShadowLimits: ShadowLimits = { statementTimeoutMs: 30_000, memoryBytes: 3_000_000_000 };

// Each end costs a new start and everything since; a folder with more such statements is not worth more minutes.
const mostEnds = 5;

/**
 * Replays migration files in a PGlite process of its own and reads the schema that they lead to. A statement that hangs, takes too much
 * memory or breaks the instance ends the shadow, becomes a finding, and is left out of the next try.
 */
export async function replayFiles(request: ReplayRequest): Promise<Replay> {
  const { cacheFolder } = request;
  const key = (await keysOf(request)).at(-1);
  const kept =
    cacheFolder === undefined || key === undefined ? undefined : await readKeptReplay(cacheFolder, key);
  if (kept !== undefined) return { catalog: toCatalog(kept.snapshot), findings: kept.findings };
  return withReplayedShadow(request, async (_session, replay) => replay);
}

/** As `replayFiles`, and lets `use` work in the shadow before it ends; what `use` changes is not kept. */
export async function withReplayedShadow<T>(
  request: ReplayRequest,
  use: (session: Session, replay: Replay) => Promise<T>,
): Promise<T> {
  const keys = await keysOf(request);
  const skipped: Skipped = new Map();
  for (let ends = 0; ; ends += 1) {
    const outcome = await tryReplay({ request, keys, skipped }, use);
    if (outcome.kind === "replayed") return outcome.value;
    if (ends === mostEnds || outcome.at === undefined) throw outcome.error;
    const ofFile = skipped.get(outcome.at.file) ?? new Map<number, string>();
    skipped.set(outcome.at.file, ofFile.set(outcome.at.start, outcome.error.fields.message));
  }
}

/** By the file's place in the list: the statements, by their start, that ended a shadow, and why. */
type Skipped = Map<number, Map<number, string>>;

interface Place {
  readonly file: number;
  readonly start: number;
}

type Outcome<T> =
  | { readonly kind: "replayed"; readonly value: T }
  | { readonly kind: "ended"; readonly at: Place | undefined; readonly error: DatabaseError };

interface Attempt {
  readonly request: ReplayRequest;
  readonly keys: readonly string[];
  readonly skipped: Skipped;
}

async function keysOf({ files, likeness, live }: ReplayRequest): Promise<readonly string[]> {
  const start = [
    ...(await describeFreshShadow(likeness)),
    live === undefined ? "" : describePreparation(live),
  ];
  return stateKeys([...start, snapshotQuery.text], files);
}

async function tryReplay<T>(
  attempt: Attempt,
  use: (session: Session, replay: Replay) => Promise<T>,
): Promise<Outcome<T>> {
  const { request, keys } = attempt;
  const { cacheFolder, limits = defaultShadowLimits, likeness } = request;
  const from = cacheFolder === undefined ? undefined : await findLongestKept(cacheFolder, keys);
  const key = from === undefined ? undefined : keys[from];
  const image =
    cacheFolder === undefined || key === undefined ? undefined : await readKeptImage(cacheFolder, key);
  const before =
    cacheFolder === undefined || key === undefined ? undefined : await readKeptReplay(cacheFolder, key);
  const instance = await startShadow({ likeness, image, cacheFolder, memoryBytes: limits.memoryBytes });
  let at: Place | undefined;
  try {
    const ours = await openInstanceSession(instance, ownTimeoutMs);
    const theirs = await openInstanceSession(instance, limits.statementTimeoutMs);
    const findings = [...(before?.findings ?? [])];
    if (from === undefined && request.live !== undefined)
      findings.push(...(await prepareShadow(ours, request.live)));
    for (const [index, file] of request.files.entries()) {
      if (index < (from ?? 0)) continue;
      const steps = listSteps(file, attempt.skipped.get(index) ?? new Map());
      const onStatement = ({ start }: { readonly start: number }) => {
        at = { file: index, start };
      };
      findings.push(...(await replayFile({ session: theirs, file, steps, onStatement })));
      await startClean(ours);
    }
    at = undefined;
    const snapshot = await readSnapshot(ours);
    await keep(attempt, { instance, snapshot, findings });
    return { kind: "replayed", value: await use(ours, { catalog: toCatalog(snapshot), findings }) };
  } catch (error) {
    if (error instanceof DatabaseError && (error.connectionLost || isPoisoned(error)))
      return { kind: "ended", at, error };
    throw error;
  } finally {
    instance.end();
  }
}

/** As between two files of the Supabase CLI, which many histories rely on: dumps blank the search path (shadow.md 3). */
async function startClean(session: Session): Promise<void> {
  // Without a server, PGlite has no authenticated user to go back to, and `default` keeps whoever was set.
  await session.run(sql`set session authorization postgres`);
  await session.run(sql`discard all`);
}

async function readSnapshot(session: Session): Promise<unknown> {
  const { rows } = await session.run(snapshotQuery);
  return rows[0]?.["snapshot"];
}

/** What was left out because of its harm is not kept: with another limit it may run. */
async function keep(
  { request, keys, skipped }: Attempt,
  made: {
    readonly instance: Instance;
    readonly snapshot: unknown;
    readonly findings: readonly ReplayFinding[];
  },
): Promise<void> {
  const key = keys.at(-1);
  if (request.cacheFolder === undefined || key === undefined || skipped.size > 0) return;
  if ((await readKeptReplay(request.cacheFolder, key)) !== undefined) return;
  const { instance, snapshot, findings } = made;
  await keepReplay(request.cacheFolder, key, { snapshot, findings, image: await instance.dump() });
}
