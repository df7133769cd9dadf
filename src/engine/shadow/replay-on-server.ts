import { readCatalog } from "../catalog/read-catalog.ts";
import { readFrom } from "../database/transport.ts";
import { ident, sql } from "../database/sql.ts";
import { EngineError } from "../errors.ts";
import { factKey, type Catalog, type Fact, type FactKey } from "../model/catalog.ts";
import type { Database, Reader, Session, SessionDatabase } from "../ports.ts";
import { standInStatements } from "../stand-in/index.ts";
import { installOnServer } from "./install-on-server.ts";
import { namedRoles } from "./make-roles.ts";
import { prepareShadow, withoutPrepared } from "./prepare-shadow.ts";
import type { ReplayFile, ReplayFinding } from "./replay-file.ts";
import { replayInOrder } from "./replay-in-order.ts";
import { defaultShadowLimits, type Shadow } from "./replay.ts";
import { lookAtServer, restoreServer } from "./restore-server.ts";
import type { ShadowLikeness } from "./start-shadow.ts";
import { tryRun } from "./try-run.ts";

/** What to replay on a server's database that a person gave for it. */
export interface ServerReplayRequest {
  readonly database: SessionDatabase;
  /** The database that is compared: never the shadow. */
  readonly target: Database;
  readonly files: readonly ReplayFile[];
  readonly likeness: ShadowLikeness;
  readonly live: Catalog;
}

/**
 * Replays migration files in an empty database of a server, lets `use` work with what they produce, and then removes everything again,
 * roles included, whether or not it succeeded. Throws `invalid_settings` where the database holds anything, is the target itself or is
 * reached through a transaction pooler, `target_in_use` where another replay works in it.
 */
export async function withServerShadow<T>(
  request: ServerReplayRequest,
  use: (shadow: Shadow) => Promise<T>,
): Promise<T> {
  const { database } = request;
  if (database.target.pooling === "transaction")
    throw unusable(database, "is reached through a transaction pooler, which keeps no session");
  return database.withSession(async (keeper) => {
    await assertUsable(keeper, request);
    const found = await lookAtServer(keeper);
    assertEmpty(found.catalog, database);
    const work = database.withSession(async (session) => use(await replay(session, request)));
    await work.catch(() => undefined);
    const left = await restoreServer(keeper, found, rolesWithin(request));
    const value = await work;
    if (left.length > 0) throw notRestored(database, left);
    return value;
  });
}

async function replay(session: Session, request: ServerReplayRequest): Promise<Shadow> {
  const { files, likeness, live } = request;
  const isBare = likeness === "supabase" && !(await readCatalog(session)).facts.has(authSchema);
  const stoodIn = isBare ? await installOnServer(session, live) : [];
  const prepared = await prepareShadow(session, { live, files });
  const made = stoodIn.length === 0 ? new Set<FactKey>() : new Set((await readCatalog(session)).facts.keys());
  const replayed = await replayInOrder({
    session,
    files,
    place: 0,
    skipped: new Map(),
    startClean: () => startClean(session, live.currentRole),
    onStatement: () => undefined,
  });
  await session.run(sql`set statement_timeout = 0`);
  return {
    catalog: withStoodIn(await readCatalog(session), stoodIn, made),
    findings: withoutStoodIn([...prepared, ...withoutPrepared(replayed, live)], stoodIn),
    openSession: async () => session,
  };
}

/**
 * The roles that a replay can make or change, which the files, the live schema or the stand-in name. Roles belong to the whole server, so that one which is new
 * and named nowhere here was made by somebody else in the meantime.
 */
function rolesWithin({ files, live }: ServerReplayRequest): (role: string) => boolean {
  const named = new Set(namedRoles(live));
  const texts = [...files, ...standInStatements()].map(({ sql: text }) => text.toLowerCase());
  return (role) => named.has(role) || texts.some((text) => text.includes(role.toLowerCase()));
}

const authSchema = factKey({ kind: "schema", name: "auth" });

/** As if the extensions were there that SQL stands in for: what was there before the files is theirs or the platform's. */
function withStoodIn(catalog: Catalog, stoodIn: readonly Fact[], made: ReadonlySet<FactKey>): Catalog {
  const [first] = stoodIn;
  if (first === undefined) return catalog;
  const facts = [...catalog.facts.values()].map((fact): Fact => {
    const isMade = made.has(fact.key) && fact.provenance === "user" && !furniture.has(fact.kind);
    return isMade ? { ...fact, provenance: `extension:${first.id.name}` } : fact;
  });
  return { ...catalog, facts: new Map([...facts, ...stoodIn].map((fact) => [fact.key, fact])) };
}

function withoutStoodIn(
  findings: readonly ReplayFinding[],
  stoodIn: readonly Fact[],
): readonly ReplayFinding[] {
  const names = new Set(stoodIn.map(({ id }) => id.name));
  return findings.filter(({ cause }) => {
    const name = /^extension "(.*)" is not available$/.exec(cause)?.[1];
    return name === undefined || !names.has(name);
  });
}

/** As the role that applies, so that it owns what the files make; as whoever was given where the server does not allow that. */
async function startClean(session: Session, role: string): Promise<void> {
  await session.run(sql`discard all`);
  const become = sql`set session authorization ${ident(role)}`;
  if ((await tryRun(session, become)) !== undefined) await tryRun(session, sql`set role ${ident(role)}`);
  const limit = { text: `set statement_timeout = ${defaultShadowLimits.statementTimeoutMs}`, values: [] };
  await session.run(limit);
}

async function assertUsable(session: Session, { database, target }: ServerReplayRequest): Promise<void> {
  const { rows } = await session.run(
    sql`select pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext('godwit shadow')) as free`,
  );
  if (rows[0]?.["free"] !== true) {
    throw new EngineError(
      "target_in_use",
      `Another replay works in the shadow database ${database.target.label}.`,
      {
        hint: "Call again when it has ended.",
      },
    );
  }
  if (target.target.engine !== "postgres") return;
  const [own, other] = [await identify(session), await readFrom(target, identify)];
  if (own === other) throw unusable(database, "is the database that is to be compared");
}

/** The same for one database only, whatever address it is reached by. */
async function identify(session: Reader): Promise<string> {
  const { rows } = await session.run(sql`
    select d.oid::text as database, pg_catalog.pg_postmaster_start_time()::text as server
    from pg_catalog.pg_database d
    where d.datname = pg_catalog.current_database()`);
  return JSON.stringify(rows);
}

function assertEmpty(catalog: Catalog, database: SessionDatabase): void {
  const found = [...catalog.facts.values()].find(isContent);
  if (found !== undefined) throw unusable(database, `is not empty: it has ${found.key}`);
  const history = catalog.facts.get(factKey({ kind: "schema", name: "supabase_migrations" }));
  if (history !== undefined) throw unusable(database, "has a migration history");
}

const furniture: ReadonlySet<Fact["kind"]> = new Set([
  "comment",
  "default_privilege",
  "extension",
  "grant",
  "publication",
  "schema",
  "setting",
]);

/** True for what no empty database has, neither a fresh one of Postgres nor one of Supabase. */
function isContent({ kind, id, provenance }: Fact): boolean {
  if (provenance !== "user") return false;
  return !furniture.has(kind) || (kind === "schema" && id.name !== "public");
}

function unusable(database: SessionDatabase, reason: string): EngineError {
  return new EngineError("invalid_settings", `The shadow database ${database.target.label} ${reason}.`, {
    hint: "Give an empty database that nobody needs with --shadow-url, such as a new one made with createdb.",
  });
}

function notRestored(database: SessionDatabase, left: readonly string[]): EngineError {
  const shown = left.slice(0, 5).join(", ");
  return new EngineError(
    "invalid_settings",
    `The shadow database ${database.target.label} could not be emptied again; left behind: ${shown}.`,
    { hint: "Drop it and give a new empty one, by a role that may drop what the files make." },
  );
}
