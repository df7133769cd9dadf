import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { toSqlFailure, type Answer, type FakeRequest, type FakeSettings } from "./management-answers.ts";
import { answerMigrations } from "./management-fake-migrations.ts";

/** What goes wrong with one request. */
export type FakeFault =
  /** Answered instead of being served. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: string | Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Served, but the connection is cut before the answer. */
  | { readonly kind: "cut_after" }
  /** Cut before anything is served. */
  | { readonly kind: "cut_before" }
  /** The edge gives up with a page of HTML while the statement goes on. */
  | { readonly kind: "late" }
  /** The edge gives up first, and the service runs the SQL only once `gate` is open. */
  | { readonly kind: "delayed"; readonly gate: Promise<void> };

/** A stateful stand-in for the Supabase Management API on loopback, whose SQL runs in a real database. */
export interface ManagementFake {
  readonly url: string;
  readonly projectRef: string;
  readonly accessToken: string;
  readonly requests: readonly FakeRequest[];
  /** Lets the next request that fits go wrong. */
  readonly failNext: (fault: FakeFault, fits?: (request: FakeRequest) => boolean) => void;
  /** Resolves when no SQL runs any more. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const fakeRef = "abcdefghijklmnopqrst";
export const fakeToken = "sbp_0123456789abcdef0123456789abcdef01234567";

const edgePage = "<!DOCTYPE html><html><head><title>504 Gateway Time-out</title></head></html>";

export async function startManagementFake(settings: FakeSettings): Promise<ManagementFake> {
  const open = (connection: Record<string, string>) =>
    postgres(settings.databaseUrl, { max: 5, onnotice: () => undefined, connection });
  const writer = open({});
  const reader = open({ role: "supabase_read_only_user", default_transaction_read_only: "on" });
  const requests: FakeRequest[] = [];
  const faults: { readonly fault: FakeFault; readonly fits: (request: FakeRequest) => boolean }[] = [];
  const running = new Set<Promise<unknown>>();
  const logins: string[] = [];
  const limit = createLimit(settings);

  const serve = async (request: FakeRequest): Promise<Answer> => {
    const work = answerRequest({ settings, writer, reader, logins }, request);
    running.add(work);
    return work.finally(() => running.delete(work));
  };
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    const refusal = request.refusal ?? limit(response);
    if (refusal !== undefined) return send(response, refusal);
    requests.push(request.request);
    const index = faults.findIndex(({ fits }) => fits(request.request));
    const [found] = index === -1 ? [] : faults.splice(index, 1);
    const fault = found?.fault;
    if (fault === undefined) return send(response, await serve(request.request));
    if (fault.kind === "answer") {
      for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
      return send(response, { status: fault.status, body: fault.body });
    }
    if (fault.kind === "cut_before") return void response.destroy();
    if (fault.kind === "cut_after") {
      await serve(request.request);
      return void response.destroy();
    }
    const work = (fault.kind === "delayed" ? fault.gate : Promise.resolve()).then(() =>
      serve(request.request),
    );
    running.add(work);
    void work.finally(() => running.delete(work));
    send(response, { status: 504, body: edgePage });
  };
  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) =>
      send(response, { status: 500, body: { message: String(error) } }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const settled = async () => {
    while (running.size > 0) await Promise.allSettled(running);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    projectRef: fakeRef,
    accessToken: fakeToken,
    requests,
    failNext: (fault, fits = () => true) => void faults.push({ fault, fits }),
    settled,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await settled();
      for (const role of logins) await writer.unsafe(`drop role if exists "${role}"`).simple();
      await Promise.all([writer.end({ timeout: 1 }), reader.end({ timeout: 1 })]);
    },
  };
}

interface Backend {
  readonly settings: FakeSettings;
  readonly writer: postgres.Sql;
  readonly reader: postgres.Sql;
  /** Roles that were made. */
  readonly logins: string[];
}

async function answerRequest(backend: Backend, request: FakeRequest): Promise<Answer> {
  const { settings, writer, reader } = backend;
  const { path, method, body } = request;
  const status = settings.projectStatus ?? "ACTIVE_HEALTHY";
  if (method === "GET" && path === "") return { status: 200, body: { ref: fakeRef, status, database: {} } };
  if (status !== "ACTIVE_HEALTHY") return { status: 400, body: { message: "Resource has been removed" } };
  if (method === "POST" && path === "/database/query")
    return runSql(body["read_only"] === true ? reader : writer, body, settings);
  if (method === "POST" && path === "/database/query/read-only") {
    if (settings.hasReadOnlyEndpoint === false) return { status: 403, body: { message: "Forbidden" } };
    return runSql(reader, body, settings);
  }
  if (path.startsWith("/database/migrations")) return answerMigrations(settings, writer, request);
  if (settings.loginRole !== undefined && method === "POST" && path === "/cli/login-role")
    return makeLogin(backend, settings.loginRole, body["read_only"] === true);
  if (settings.loginRole !== undefined && method === "GET" && path === "/config/database/pooler")
    return { status: 200, body: [describePooler(settings.databaseUrl, settings.loginRole)] };
  return { status: 404, body: { message: `Cannot ${method} ${path}` } };
}

/** A login that may become `postgres`, or only reads, until its time is over; poolers know it with the project's ref behind it. */
async function makeLogin(
  { writer, logins }: Backend,
  { ttlSeconds, holdsRole }: NonNullable<FakeSettings["loginRole"]>,
  isReadOnly: boolean,
): Promise<Answer> {
  const role = `cli_login_${randomBytes(4).toString("hex")}`;
  const password = randomBytes(12).toString("hex");
  const member = isReadOnly ? "supabase_read_only_user" : "postgres";
  const rights = holdsRole === false ? "" : `in role ${member}`;
  const until = new Date(Date.now() + ttlSeconds * 1000).toISOString();
  const text = `create role "${role}.${fakeRef}" login password '${password}' valid until '${until}' ${rights}`;
  await writer.unsafe(text).simple();
  logins.push(`${role}.${fakeRef}`);
  return { status: 201, body: { role, password, ttl_seconds: ttlSeconds } };
}

function describePooler(databaseUrl: string, { port }: { readonly port: number }): object {
  const { pathname } = new URL(databaseUrl);
  return {
    identifier: fakeRef,
    database_type: "PRIMARY",
    db_host: "127.0.0.1",
    db_port: port,
    db_name: pathname.slice(1),
    pool_mode: "session",
  };
}

async function runSql(
  sql: postgres.Sql,
  { query, parameters }: Readonly<Record<string, unknown>>,
  { splitsStatements }: FakeSettings,
): Promise<Answer> {
  if (typeof query !== "string" || query === "")
    return { status: 400, body: { message: "query: Too small: expected string to have >=1 characters" } };
  try {
    if (Array.isArray(parameters)) return { status: 201, body: await sql.unsafe(query, parameters) };
    if (splitsStatements === true) return { status: 201, body: await runSplit(sql, query) };
    return { status: 201, body: lastOf(await sql.unsafe(query).simple()) };
  } catch (error) {
    return toSqlFailure(error, query, "Failed to run sql query");
  }
}

async function runSplit(sql: postgres.Sql, query: string): Promise<unknown> {
  let rows: unknown = [];
  for (const statement of query.split("\n;\n")) rows = await sql.unsafe(statement).simple();
  return rows;
}

/** The rows of the last statement; the driver answers a list of results for several. */
function lastOf(results: unknown): readonly unknown[] {
  if (!Array.isArray(results)) return [];
  const last: unknown = results.at(-1);
  return Array.isArray(last) ? last : "command" in results ? results : [];
}

async function readRequest(
  message: IncomingMessage,
): Promise<{ readonly request: FakeRequest; readonly refusal: Answer | undefined }> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const url = new URL(message.url ?? "/", "http://fake");
  const [, ref = "", path = ""] = /^\/v1\/projects\/([^/]+)(.*)$/.exec(url.pathname) ?? [];
  const request = {
    method: message.method ?? "GET",
    path,
    search: url.searchParams,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    headers: message.headers,
  };
  return { request, refusal: refuse(ref, message.headers.authorization) };
}

function refuse(ref: string, authorization: string | undefined): Answer | undefined {
  if (authorization !== `Bearer ${fakeToken}`) return { status: 401, body: { message: "Unauthorized" } };
  if (!/^[a-z]{20}$/.test(ref))
    return { status: 400, body: { message: "ref: Invalid string: must match pattern /^[a-z]+$/" } };
  return ref === fakeRef ? undefined : { status: 404, body: { message: "Project not found" } };
}

/** As many requests a window as allowed, with the headers that were recorded. */
function createLimit({ requestsPerMinute = 120, resetSeconds = 60 }: FakeSettings) {
  let windowStart = performance.now();
  let used = 0;
  return (response: ServerResponse): Answer | undefined => {
    const now = performance.now();
    if (now - windowStart >= resetSeconds * 1000) {
      windowStart = now;
      used = 0;
    }
    used += 1;
    response.setHeader("x-ratelimit-limit", String(requestsPerMinute));
    response.setHeader("x-ratelimit-remaining", String(Math.max(0, requestsPerMinute - used)));
    response.setHeader("x-ratelimit-reset", String(resetSeconds));
    if (used <= requestsPerMinute) return undefined;
    return { status: 429, body: { message: "ThrottlerException: Too Many Requests" } };
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const isPage = typeof body === "string";
  response.writeHead(status, { "content-type": isPage ? "text/html" : "application/json; charset=utf-8" });
  response.end(isPage ? body : JSON.stringify(body ?? {}));
}
