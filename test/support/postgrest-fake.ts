import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import postgres from "postgres";

/** What the fake does wrong. */
export type ApiFault =
  /** Asks as service_role, whoever asks. */
  | "shows everything"
  | "never answers"
  | "answers HTML"
  | "hangs up"
  /** Says that it rolls back, and commits, silently. */
  | "keeps writes"
  /** Says it is making its schema cache, the first two times. */
  | "wakes up slowly";

export interface ApiFakeSettings {
  readonly databaseUrl: string;
  /** Honours `Prefer: tx=rollback`, as PostgREST does where db-tx-end allows it. */
  readonly rollsBack?: boolean;
  readonly exposed?: readonly string[];
  readonly fault?: ApiFault;
}

/** A stand-in for a project's PostgREST on loopback that does to a real database what these questions need. */
export interface ApiFake {
  readonly url: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
  readonly jwtSecret: string;
  readonly requests: readonly { readonly method: string; readonly authorization: string }[];
  readonly close: () => Promise<void>;
}

const jwtSecret = "a-secret-of-the-fake-that-is-long-enough";

/** Starts it; whoever starts it closes it. */
export async function startApiFake(settings: ApiFakeSettings): Promise<ApiFake> {
  const sql = postgres(settings.databaseUrl, { max: 2, onnotice: () => undefined });
  const requests: { method: string; authorization: string }[] = [];
  const server = createServer((request, response) => {
    requests.push({
      method: request.method ?? "",
      authorization: request.headers.authorization ?? "",
    });
    void answer({ settings, sql, count: requests.length }, request, response).catch((error: unknown) =>
      send(response, 500, { message: String(error) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    anonKey: sign({ role: "anon" }),
    serviceRoleKey: sign({ role: "service_role" }),
    jwtSecret,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sql.end({ timeout: 1 });
    },
  };
}

interface Surroundings {
  readonly settings: ApiFakeSettings;
  readonly sql: postgres.Sql;
  /** How many requests there were, this one included. */
  readonly count: number;
}

async function answer(
  { settings, sql, count }: Surroundings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { fault, exposed = ["public"], rollsBack = false } = settings;
  if (fault === "never answers") return;
  if (fault === "hangs up") return void request.socket.destroy();
  if (fault === "answers HTML") {
    response.writeHead(200, { "content-type": "text/html" });
    return void response.end("<html>Sign in</html>");
  }
  if (fault === "wakes up slowly" && count <= 2)
    return send(response, 503, {
      code: "PGRST002",
      message: "Could not query the database for the schema cache.",
    });
  const claims = verify(request.headers.authorization?.replace(/^Bearer /, "") ?? "");
  if (claims === undefined) return send(response, 401, { message: "Invalid API key" });
  const schema = String(request.headers["accept-profile"] ?? request.headers["content-profile"] ?? "public");
  if (!exposed.includes(schema))
    return send(response, 406, { code: "PGRST106", message: `Invalid schema: ${schema}` });
  const role = fault === "shows everything" ? "service_role" : claims.role;
  const statement = toStatement(request, schema, await readBody(request));
  const honours = rollsBack && /\btx=rollback\b/.test(String(request.headers["prefer"] ?? ""));
  const isWrite = request.method !== "GET";
  const isKept = !honours || (fault === "keeps writes" && isWrite);
  const done = await runAs(sql, { role, claims, statement, isKept });
  if ("code" in done) return refuse(response, role, done);
  send(response, isWrite ? 200 : 206, isWrite ? undefined : [{}], {
    "content-range": `0-0/${done.rows}`,
    ...(honours && !isKept ? { "preference-applied": "tx=rollback" } : {}),
  });
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

function refuse(response: ServerResponse, role: string, { code, message }: Refusal): void {
  if (code === "42P01") return send(response, 404, { code: "PGRST205", message });
  send(response, code === "42501" ? (role === "anon" ? 401 : 403) : 409, { code, message });
}

interface Statement {
  readonly text: string;
  readonly values: readonly string[];
}

type Body = Readonly<Record<string, unknown>>;

/** Only what the questions of verify_schema need: filters by `eq` and `is.null`, one row. */
function toStatement(request: IncomingMessage, schema: string, body: Body): Statement {
  const url = new URL(request.url ?? "", "http://127.0.0.1");
  const relation = `${quoted(schema)}.${quoted(decodeURIComponent(url.pathname.replace("/rest/v1/", "")))}`;
  const filters = [...url.searchParams].filter(([name]) => name !== "select" && name !== "limit");
  const names = Object.keys(body).map(quoted);
  const cells = Object.values(body).map(String);
  const values = [
    ...cells,
    ...filters.flatMap(([, is]) => (is === "is.null" ? [] : [is.slice("eq.".length)])),
  ];
  let next = names.length;
  const conditions = filters.map(([name, is]) =>
    is === "is.null" ? `${column(name)} is null` : `${column(name)} = $${(next += 1)}`,
  );
  const where = conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
  const places = names.map((_, index) => `$${index + 1}`);
  if (request.method === "POST")
    return { text: `insert into ${relation} (${names.join()}) values (${places.join()})`, values };
  if (request.method === "DELETE") return { text: `delete from ${relation}${where}`, values };
  if (request.method === "PATCH") {
    const sets = names.map((name, index) => `${name} = ${places[index] ?? ""}`);
    return { text: `update ${relation} set ${sets.join()}${where}`, values };
  }
  const selected = column(url.searchParams.get("select") ?? "");
  return { text: `select ${selected} from ${relation}${where}`, values };
}

function column(name: string): string {
  return name.startsWith('"') ? name : quoted(name);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

interface Order {
  readonly role: string;
  readonly claims: object;
  readonly statement: Statement;
  readonly isKept: boolean;
}

/** As PostgREST: the role and the claims for one transaction. */
async function runAs(sql: postgres.Sql, order: Order): Promise<{ readonly rows: number } | Refusal> {
  const connection = await sql.reserve();
  try {
    await connection`begin`;
    await connection`
      select set_config('role', ${order.role}, true), set_config('request.jwt.claims', ${JSON.stringify(order.claims)}, true)`;
    const result = await connection.unsafe(order.statement.text, [...order.statement.values]);
    await connection.unsafe(order.isKept ? "commit" : "rollback");
    return { rows: result.count };
  } catch (error) {
    await connection`rollback`;
    if (error instanceof postgres.PostgresError) return { code: error.code, message: error.message };
    throw error;
  } finally {
    connection.release();
  }
}

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : (JSON.parse(text) as Body);
}

function send(
  response: ServerResponse,
  status: number,
  body: object | undefined,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function sign(claims: object): string {
  const body = [{ alg: "HS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${body}.${createHmac("sha256", jwtSecret).update(body).digest("base64url")}`;
}

/** The claims of a token that was signed with the secret. */
function verify(token: string): { readonly role: string } | undefined {
  const [head = "", claims = "", signature] = token.split(".");
  const expected = createHmac("sha256", jwtSecret).update(`${head}.${claims}`).digest("base64url");
  if (signature !== expected) return undefined;
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as { readonly role: string };
}
