import { parseConnectionUrl, type ConnectionAddress } from "../connection-url.ts";
import type { ManagementApi } from "./management-api.ts";

/** Where the project's database may be reached with a login of its own. */
interface Place {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** A pooler serves many projects, and finds ours by the user's name. */
  readonly isPooler: boolean;
}

/** A login that the service has made for a while. */
interface Login {
  readonly role: string;
  readonly password: string;
  /** By the clock of `now`. */
  readonly endsMs: number;
}

/** Ways to log in to the project's database, each of which makes itself a new login where the last one ends soon. */
export type LoginWay = () => Promise<ConnectionAddress>;

/** A login is not used any more when it ends so soon. */
const marginMs = 30_000;
/** What objects belong to, as after any other login of a project; a login that only reads keeps its own role. */
const startRole = "postgres";

/**
 * Asks the service for a temporary login and for the places where it may be used: the database itself, and the pooler, where it keeps sessions. None where the
 * service makes no login. Throws `EngineError` and `DatabaseError` as the client does.
 */
export async function findLoginWays(
  api: ManagementApi,
  { projectRef, isReadOnly, now }: LoginRequest,
): Promise<readonly LoginWay[]> {
  const login = renewed(() => requestLogin(api, isReadOnly, now), now);
  if ((await login()) === undefined) return [];
  const places = await findPlaces(api);
  return places.map((place) => async () => {
    const given = await login();
    if (given === undefined) throw new Error("The service made a login before, and makes none now.");
    const address = toAddress(place, given, projectRef);
    return isReadOnly ? address : { ...address, startRole };
  });
}

interface LoginRequest {
  readonly projectRef: string;
  readonly isReadOnly: boolean;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

function renewed(request: () => Promise<Login | undefined>, now: () => number): typeof request {
  let last: Promise<Login | undefined> | undefined;
  const renew = () => {
    const asked = request();
    last = asked;
    asked.catch(() => (last = undefined));
    return asked;
  };
  return async () => {
    const known = await last;
    return known !== undefined && known.endsMs - marginMs > now() ? known : renew();
  };
}

async function requestLogin(
  api: ManagementApi,
  isReadOnly: boolean,
  now: () => number,
): Promise<Login | undefined> {
  const asked = now();
  const body = { read_only: isReadOnly };
  const answer = await api.send({ method: "POST", path: "/cli/login-role", body });
  const [role, password, seconds] = ["role", "password", "ttl_seconds"].map((name) => read(answer, name));
  if (typeof role !== "string" || typeof password !== "string" || typeof seconds !== "number")
    return undefined;
  return { role, password, endsMs: asked + seconds * 1000 };
}

async function findPlaces(api: ManagementApi): Promise<readonly Place[]> {
  const [project, poolers] = await Promise.all([
    api.ask({ method: "GET", path: "" }),
    api.ask({ method: "GET", path: "/config/database/pooler" }).catch(() => []),
  ]);
  const host = read(read(project, "database"), "host");
  const direct =
    typeof host === "string" ? [{ host, port: 5432, database: "postgres", isPooler: false }] : [];
  return [...direct, ...(Array.isArray(poolers) ? poolers.flatMap(toPooler) : [])];
}

/** Port 5432 of a pooler keeps sessions, whatever its other port does. */
function toPooler(entry: unknown): readonly Place[] {
  const [host, port, database] = ["db_host", "db_port", "db_name"].map((name) => read(entry, name));
  if (read(entry, "database_type") !== "PRIMARY" || typeof host !== "string") return [];
  const keepsSessions = read(entry, "pool_mode") === "session" && typeof port === "number";
  return [
    {
      host,
      port: keepsSessions ? port : 5432,
      database: typeof database === "string" ? database : "postgres",
      isPooler: true,
    },
  ];
}

function toAddress(place: Place, { role, password }: Login, projectRef: string): ConnectionAddress {
  const user = place.isPooler ? `${role}.${projectRef}` : role;
  const login = [user, password].map(encodeURIComponent).join(":");
  return parseConnectionUrl(`postgresql://${login}@${place.host}:${place.port}/${place.database}`);
}

function read(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
