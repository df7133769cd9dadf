import { toCatalog } from "../catalog/read-catalog.ts";
import { snapshotQuery } from "../catalog/snapshot-query.ts";
import { ident, sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import { ownTimeoutMs, type Instance } from "./instance.ts";
import { openInstanceSession } from "./instance-session.ts";
import { describePreparation, prepareShadow, withoutPrepared } from "./prepare-shadow.ts";
import {
  forgetState,
  keepState,
  readKeptReplay,
  readLongestKept,
  stateKeys,
  type KeptReplay,
  type KeptState,
  type StateKey,
} from "./replay-cache.ts";
import { isPoisoned, type ReplayFile, type ReplayFinding } from "./replay-file.ts";
import { replayInOrder, type Place, type Skipped } from "./replay-in-order.ts";
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
  /** Absolute folder where replays are kept for the next time; nothing is kept where it is absent. */
  readonly cacheFolder?: string;
  readonly limits?: ShadowLimits;
}

/** What the files produce. */
export interface Replay {
  readonly catalog: Catalog;
  /** Statements that did not run; the catalog lacks what they would have made. */
  readonly findings: readonly ReplayFinding[];
  /** The same for the same outcome; absent where time, memory or a server had a part in it. */
  readonly stateKey?: StateKey;
}

/** What the files produce, and a database in that state to try things in. */
export interface Shadow extends Replay {
  /**
   * A session in the shadow, the same at each call. Starts an instance where none has been needed so far, so it is asked for only where
   * there is something to try; what is changed in it is lost at the end.
   */
  readonly openSession: () => Promise<Session>;
}

/** Half a minute a statement, and memory for 1,000 tables several times over. */
export const defaultShadowLimits: ShadowLimits = { statementTimeoutMs: 30_000, memoryBytes: 3_000_000_000 };

// Each end costs a new start and everything since; a folder with more such statements is not worth more minutes.
const mostEnds = 5;

/**
 * Replays migration files in a PGlite process of its own, reads the schema that they lead to, and lets `use` work with it. A replay that
 * is kept is not done again, and the longest kept part of one is gone on from. A statement that hangs, takes too much memory or breaks the
 * instance ends the shadow, becomes a finding, and is left out of the next try.
 */
export async function withShadow<T>(request: ReplayRequest, use: (shadow: Shadow) => Promise<T>): Promise<T> {
  const keys = await keysOf(request);
  let starting: Promise<Started> | undefined;
  const start = (): Promise<Started> => (starting ??= replayPatiently(request, keys));
  const outcome = (await readWhole(request, keys)) ?? toReplay(await start());
  try {
    return await use({ ...outcome, openSession: async () => (await start()).session });
  } finally {
    (await starting?.catch(() => undefined))?.instance.end();
  }
}

// Another number for another way of replaying, so that nothing kept before is taken for its outcome.
const replayEdition = "1";

async function keysOf({ files, likeness, live }: ReplayRequest): Promise<readonly string[]> {
  const start = [
    replayEdition,
    ...(await describeFreshShadow(likeness)),
    live === undefined ? "" : describePreparation({ live, files }),
    snapshotQuery.text,
  ];
  return stateKeys(start, files);
}

// Reading a large schema's JSON takes as long as reading the live one; the last is kept, since a server is asked about one project.
let lastRead: { readonly key: string; readonly replay: Replay } | undefined;

async function readWhole(
  { cacheFolder }: ReplayRequest,
  keys: readonly string[],
): Promise<Replay | undefined> {
  const key = keys.at(-1);
  if (cacheFolder === undefined || key === undefined) return undefined;
  if (lastRead?.key === key) return lastRead.replay;
  const kept = await readKeptReplay(cacheFolder, key);
  if (kept === undefined) return undefined;
  const replay = toReplay({ ...kept, stateKey: key });
  lastRead = { key, replay };
  return replay;
}

function toReplay({ snapshot, findings, stateKey }: Finished): Replay {
  const named = stateKey === undefined ? {} : { stateKey };
  return { catalog: toCatalog(snapshot), findings, ...named };
}

interface Finished extends KeptReplay, Pick<Replay, "stateKey"> {}

/** An instance in which every file has run. */
interface Started extends Finished {
  readonly instance: Instance;
  readonly session: Session;
}

type Outcome =
  | { readonly kind: "replayed"; readonly started: Started }
  | { readonly kind: "ended"; readonly at: Place | undefined; readonly error: DatabaseError };

interface Attempt {
  readonly request: ReplayRequest;
  readonly keys: readonly string[];
  readonly skipped: Skipped;
}

async function replayPatiently(request: ReplayRequest, keys: readonly string[]): Promise<Started> {
  const skipped = new Map<number, Map<number, string>>();
  for (let ends = 0; ; ends += 1) {
    const outcome = await tryReplay({ request, keys, skipped });
    if (outcome.kind === "replayed") return outcome.started;
    if (ends === mostEnds || outcome.at === undefined) throw outcome.error;
    const ofFile = skipped.get(outcome.at.file) ?? new Map<number, string>();
    skipped.set(outcome.at.file, ofFile.set(outcome.at.start, outcome.error.fields.message));
  }
}

/** Where a replay begins: a fresh shadow, or one in which the first `place` files have run. */
interface Beginning {
  readonly instance: Instance;
  readonly place: number;
  readonly kept: KeptState | undefined;
}

async function begin(
  { likeness, cacheFolder, limits = defaultShadowLimits }: ReplayRequest,
  keys: readonly string[],
): Promise<Beginning> {
  const fresh = { likeness, cacheFolder, memoryBytes: limits.memoryBytes };
  const longest = cacheFolder === undefined ? undefined : await readLongestKept(cacheFolder, keys);
  if (cacheFolder !== undefined && longest !== undefined) {
    const { place, state } = longest;
    const instance = await startShadow({ ...fresh, image: state.image }).catch(() => undefined);
    if (instance !== undefined) return { instance, place, kept: state };
    await forgetState(cacheFolder, keys[place] ?? "");
  }
  return { instance: await startShadow({ ...fresh, image: undefined }), place: 0, kept: undefined };
}

async function tryReplay(attempt: Attempt): Promise<Outcome> {
  const { request, keys } = attempt;
  const { limits = defaultShadowLimits } = request;
  const { instance, place, kept } = await begin(request, keys);
  let at: Place | undefined;
  try {
    const session = await openInstanceSession(instance, ownTimeoutMs);
    const role = request.live?.currentRole ?? "postgres";
    if (kept !== undefined && place === request.files.length) {
      await startClean(session, role);
      return { kind: "replayed", started: { ...kept, instance, session, ...nameState(attempt) } };
    }
    const theirs = await openInstanceSession(instance, limits.statementTimeoutMs);
    const prepared =
      kept === undefined && request.live !== undefined
        ? await prepareShadow(session, { live: request.live, files: request.files })
        : [];
    const replayed = await replayInOrder({
      session: theirs,
      files: request.files,
      place,
      skipped: attempt.skipped,
      startClean: () => startClean(session, role),
      onStatement: (reached) => {
        at = reached;
      },
    });
    at = undefined;
    const findings = [...(kept?.findings ?? []), ...prepared, ...withoutPrepared(replayed, request.live)];
    const snapshot = await readSnapshot(session);
    const started = { instance, session, snapshot, findings, ...nameState(attempt) };
    await keep(request, started);
    return { kind: "replayed", started };
  } catch (error) {
    instance.end();
    if (error instanceof DatabaseError && (error.connectionLost || isPoisoned(error)))
      return { kind: "ended", at, error };
    throw error;
  }
}

/** As between two files of the Supabase CLI, which many histories rely on: dumps blank the search path (shadow.md 3). */
async function startClean(session: Session, role: string): Promise<void> {
  // Without a server, PGlite has no authenticated user to go back to, and `default` keeps whoever was set.
  await session.run(sql`set session authorization ${ident(role)}`);
  await session.run(sql`discard all`);
}

async function readSnapshot(session: Session): Promise<unknown> {
  const { rows } = await session.run(snapshotQuery);
  return rows[0]?.["snapshot"];
}

/** What was left out because of its harm is not kept: with another limit it may run. */
function nameState({ keys, skipped }: Attempt): Pick<Replay, "stateKey"> {
  const stateKey = keys.at(-1);
  return stateKey === undefined || skipped.size > 0 ? {} : { stateKey };
}

async function keep({ cacheFolder }: ReplayRequest, made: Started): Promise<void> {
  const { instance, snapshot, findings, stateKey } = made;
  if (cacheFolder === undefined || stateKey === undefined) return;
  await keepState(cacheFolder, stateKey, { state: { snapshot, findings, image: await instance.dump() } });
}
