import { randomUUID } from "node:crypto";
import {
  WebStandardStreamableHTTPServerTransport,
  type McpHandlerRequestOptions,
  type McpServer,
} from "@modelcontextprotocol/server";
import * as z from "zod";

/** Sessions of 2025 clients that can be asked something in the middle of a call; everybody else is served without one. */
export interface HttpSessions {
  /** The answer where the request belongs to a session or opens one; undefined where it needs none. */
  readonly serve: (request: Request, options: McpHandlerRequestOptions) => Promise<Response | undefined>;
  /** Ends them all; their running calls are aborted. */
  readonly close: () => Promise<void>;
}

export interface HttpSessionSettings {
  readonly makeServer: () => McpServer;
  readonly onError: (error: Error) => void;
  readonly now: () => number;
  /** Sessions kept at most; a client over it is served without one, and so cannot be asked. */
  readonly most: number;
  /** A session that was not used for so long ends when another one opens. */
  readonly idleMs: number;
}

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: McpServer;
  /** Whose it is; nobody else may use it. */
  readonly clientId: string | undefined;
  usedAt: number;
}

/** Such a client says in its first message what it can be asked. */
const opening = z.object({
  method: z.literal("initialize"),
  params: z.object({
    capabilities: z.union([z.object({ elicitation: z.object({}) }), z.object({ sampling: z.object({}) })]),
  }),
});

/** Makes the sessions of one HTTP server; they live in this process only. */
export function createHttpSessions(settings: HttpSessionSettings): HttpSessions {
  const sessions = new Map<string, Session>();
  return {
    serve: async (request, options) => {
      const id = request.headers.get("mcp-session-id");
      if (id !== null) return serveKnown(request, options, { session: sessions.get(id), now: settings.now });
      if (!(await opensSession(request))) return undefined;
      await endIdle(sessions, settings);
      if (sessions.size >= settings.most) return undefined;
      return open({ request, options, sessions, settings });
    },
    close: async () => {
      await Promise.all([...sessions.values()].map(({ server }) => server.close()));
      sessions.clear();
    },
  };
}

async function serveKnown(
  request: Request,
  options: McpHandlerRequestOptions,
  { session, now }: { readonly session: Session | undefined; readonly now: () => number },
): Promise<Response> {
  if (session === undefined || session.clientId !== options.authInfo?.clientId) {
    const error = { code: -32_001, message: "There is no such session; initialize again." };
    return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 404 });
  }
  session.usedAt = now();
  return session.transport.handleRequest(request, options);
}

/** Requests of 2026 name their method in a header, so their bodies need not be looked at. */
async function opensSession(request: Request): Promise<boolean> {
  if (request.method !== "POST" || request.headers.has("mcp-method")) return false;
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => undefined);
  return opening.safeParse(body).success;
}

interface Opening {
  readonly request: Request;
  readonly options: McpHandlerRequestOptions;
  readonly sessions: Map<string, Session>;
  readonly settings: HttpSessionSettings;
}

async function open({ request, options, sessions, settings }: Opening): Promise<Response> {
  const server = settings.makeServer();
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => {
      sessions.set(id, { transport, server, clientId: options.authInfo?.clientId, usedAt: settings.now() });
    },
    onsessionclosed: (id) => void sessions.delete(id),
  });
  Object.assign(transport, { onerror: settings.onError });
  await server.connect(transport);
  return transport.handleRequest(request, options);
}

async function endIdle(sessions: Map<string, Session>, { now, idleMs }: HttpSessionSettings): Promise<void> {
  const idle = [...sessions].filter(([, { usedAt }]) => now() - usedAt > idleMs);
  for (const [id] of idle) sessions.delete(id);
  await Promise.all(idle.map(([, { server }]) => server.close()));
}
