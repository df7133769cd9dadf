import { EngineError } from "../errors.ts";

export type TlsMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

/** One place to try: a host name or address, or the folder of a Unix socket. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Everything a connection URL says that Godwit uses. Holds the password: never shown. */
export interface ConnectionAddress {
  /** Tried in this order; at least one. */
  readonly hosts: readonly [HostPort, ...HostPort[]];
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tlsMode: TlsMode;
  /** Path of a PEM file, or `system` for the certificates that Node trusts. */
  readonly rootCertificate?: string;
  readonly pooling: "none" | "transaction";
  /** The role that sessions begin as, and go back to; the user's own where absent. */
  readonly startRole?: string;
  /** The ref of a Supabase project, where host or user shows it. */
  readonly projectRef?: string;
}

/**
 * Reads `postgres://user:password@host:port/database?parameters` as libpq does, and besides it passwords with raw `%`, `@`, `/`, `?` and `#`
 * as far as only one reading is possible. Throws `invalid_settings` with a message that repeats nothing of the URL.
 */
export function parseConnectionUrl(url: string): ConnectionAddress {
  const { userInfo, location } = splitUserInfo(url.trim());
  const parameters = new URLSearchParams(location.query);
  const [rawUser, rawPassword] = splitOnce(userInfo, ":");
  const user = parameters.get("user") ?? (decode(rawUser) || "postgres");
  const hosts = readHosts(parameters.get("host") ?? location.hosts, parameters.get("port") ?? undefined);
  const projectRef = readProjectRef(hosts[0].host, user);
  const rootCertificate = parameters.get("sslrootcert");
  return {
    hosts,
    user,
    password: parameters.get("password") ?? decode(rawPassword),
    database: parameters.get("dbname") ?? (decode(location.database) || user),
    tlsMode: readTlsMode(parameters.get("sslmode"), hosts[0].host, rootCertificate),
    pooling: isTransactionPooler(hosts[0].port, parameters) ? "transaction" : "none",
    ...(rootCertificate === null ? {} : { rootCertificate }),
    ...(projectRef === undefined ? {} : { projectRef }),
  };
}

/** Where an address points, for people: hosts and ports, without user and password. */
export function describeHosts(address: ConnectionAddress): string {
  return address.hosts.map(({ host, port }) => `${host}:${port}`).join(",");
}

/** The file of a Unix socket, or undefined for a network host. */
export function socketPath({ host, port }: HostPort): string | undefined {
  return host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : undefined;
}

interface Location {
  readonly hosts: string;
  readonly database: string;
  readonly query: string;
}

/** The user's part ends at the first `@` behind which a whole location follows: a raw `@` of a password has none behind it. */
function splitUserInfo(url: string): { readonly userInfo: string; readonly location: Location } {
  const rest = /^postgres(?:ql)?:\/\/(.*)$/is.exec(url)?.[1];
  if (rest === undefined) throw invalid("The database URL must start with postgres:// or postgresql://.");
  const bare = readLocation(rest);
  if (bare !== undefined) return { userInfo: "", location: bare };
  for (let at = rest.indexOf("@"); at !== -1; at = rest.indexOf("@", at + 1)) {
    const location = readLocation(rest.slice(at + 1));
    if (location !== undefined) return { userInfo: rest.slice(0, at), location };
  }
  throw invalid(
    "The database URL has no host, port and database that can be read: postgres://user:password@host:port/database.",
  );
}

/** Hosts with optional ports, then an optional database, then optional `name=value` parameters. */
const locationPattern =
  /^((?:\[[0-9a-f:.%]+\]|[\w.~%-]*)(?::\d*)?(?:,(?:\[[0-9a-f:.%]+\]|[\w.~%-]*)(?::\d*)?)*)(?:\/([^/?#@]*))?(?:\?((?:[\w.-]+=[^&]*(?:&|$))*))?$/i;

function readLocation(text: string): Location | undefined {
  const match = locationPattern.exec(text);
  if (match === null) return undefined;
  const [, hosts = "", database = "", query = ""] = match;
  return { hosts, database, query: query.replaceAll("+", "%2B") };
}

function readHosts(hostList: string, portList: string | undefined): readonly [HostPort, ...HostPort[]] {
  const ports = portList?.split(",") ?? [];
  const [first, ...others] = hostList.split(",").map((entry, index): HostPort => {
    const [, name = "", ownPort] = /^(\[.*\]|[^:]*)(?::(.*))?$/.exec(entry) ?? [];
    const host = decode(name.replace(/^\[|\]$/g, "")) || "localhost";
    return { host, port: readPort(ownPort || ports[index] || ports[0] || "5432") };
  });
  if (first === undefined) throw invalid("The database URL has no host.");
  return [first, ...others];
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535)
    throw invalid("The port in the database URL must be a number from 1 to 65535.");
  return port;
}

const tlsModes: ReadonlyMap<string, TlsMode> = new Map([
  ["disable", "disable"],
  ["allow", "prefer"],
  ["prefer", "prefer"],
  ["require", "require"],
  ["no-verify", "require"],
  ["verify-ca", "verify-ca"],
  ["verify-full", "verify-full"],
]);

/** As libpq: `prefer` where nothing is said, certificates checked as soon as a root is named. Supabase always offers TLS. */
function readTlsMode(text: string | null, host: string, rootCertificate: string | null): TlsMode {
  if (host.startsWith("/")) return "disable";
  const byDefault =
    rootCertificate === "system" ? "verify-full" : isSupabaseHost(host) ? "require" : "prefer";
  const mode = text === null ? byDefault : tlsModes.get(text.toLowerCase());
  if (mode === undefined) {
    throw invalid("sslmode in the database URL must be disable, prefer, require, verify-ca or verify-full.");
  }
  return mode === "require" && rootCertificate !== null ? "verify-ca" : mode;
}

function isSupabaseHost(host: string): boolean {
  return /\.(?:supabase\.co|pooler\.supabase\.com)$/i.test(host);
}

/** Supabase's poolers take sessions on 5432 and transactions on 6543; `pgbouncer=true` is what Prisma users write. */
function isTransactionPooler(port: number, parameters: URLSearchParams): boolean {
  return (
    port === 6543 || parameters.get("pgbouncer") === "true" || parameters.get("pool_mode") === "transaction"
  );
}

function readProjectRef(host: string, user: string): string | undefined {
  const direct = /^db\.([a-z0-9]+)\.supabase\.co$/i.exec(host)?.[1];
  const pooled = isSupabaseHost(host) ? /\.([a-z0-9]{20})$/i.exec(user)?.[1] : undefined;
  return (direct ?? pooled)?.toLowerCase();
}

/** `%XX` as the byte it stands for; a `%` that is no such escape, or one that gives no UTF-8, is taken as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, "%25"));
  } catch {
    return text;
  }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

function invalid(message: string): EngineError {
  return new EngineError("invalid_settings", message, {
    hint: "Give --database-url as postgres://user:password@host:port/database, special characters of the password as %XX.",
  });
}
