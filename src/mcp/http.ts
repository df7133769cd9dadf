import { createHash } from "node:crypto";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import type { McpServer, ServerEventBus } from "@modelcontextprotocol/server";
import { createConfirmations, type Confirmations } from "./confirmation.ts";
import { createHttpEndpoint } from "./http-endpoint.ts";
import { admit, corsHeaders, preflightHeaders, type HttpPolicy, type RequestHead } from "./http-policy.ts";

/** Where to listen, and for whom. Port 0 takes a free one. */
export interface HttpSettings extends HttpPolicy {
  readonly host: string;
  readonly port: number;
}

/** A listening server. */
export interface RunningHttp {
  /** Address of the MCP endpoint. */
  readonly url: string;
  /** Stops listening, lets running requests end for up to five seconds, and resolves when all are closed. */
  readonly close: () => Promise<void>;
}

/** A body over it is answered 413 (4 MiB, the SDK's own bound). */
const longestBodyBytes = 4 * 1024 * 1024;
const closeDeadlineMs = 5000;

/** What is served. */
export interface HttpParts {
  /** Makes the server of one request or session, with the questions that all of them share. */
  readonly makeServer: (confirmations: Confirmations) => McpServer;
  readonly version: string;
  readonly onError: (error: Error) => void;
  /** Where changes of the lists are published to subscribers. */
  readonly events?: ServerEventBus;
}

/** Serves MCP over Streamable HTTP at `/mcp`. Rejects with the system's error where it cannot listen. */
export async function startHttp(parts: HttpParts, settings: HttpSettings): Promise<RunningHttp> {
  const { makeServer, version, onError } = parts;
  const confirmations = createConfirmations(stateKey(settings.token));
  const endpoint = createHttpEndpoint({
    ...parts,
    makeServer: () => makeServer(confirmations),
    longestBodyBytes,
  });
  const serve = toNodeHandler(endpoint, { maxRequestBodySize: longestBodyBytes, onerror: onError });
  const server = createHttpServer((request, response) => {
    answer({ request, response, serve, settings, version }).catch(onError);
  });
  await listen(server, settings);
  return {
    url: describeUrl(server, settings.host),
    close: async () => {
      const closed = closeServer(server);
      await endpoint.close();
      await closed;
    },
  };
}

/** Replicas that share a token can read each other's questions. */
function stateKey(token: string): Uint8Array {
  return createHash("sha256").update(`godwit request state\0${token}`).digest();
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly serve: ReturnType<typeof toNodeHandler>;
  readonly settings: HttpSettings;
  readonly version: string;
}

async function answer({ request, response, serve, settings, version }: Exchange): Promise<void> {
  const head = readHead(request);
  const admission = admit(head, settings);
  switch (admission.kind) {
    case "serve":
      for (const [name, value] of Object.entries(corsHeaders(head.origin))) response.setHeader(name, value);
      // The SDK's type forbids the undefined fields that Node's own request type declares.
      await serve(request as Parameters<typeof serve>[0], response);
      return;
    case "health":
      sendJson(response, { status: 200, body: { status: "ok", name: "godwit", version } });
      return;
    case "preflight":
      response.writeHead(204, preflightHeaders(head.origin)).end();
      return;
    case "refuse": {
      const { status, message, headers = {} } = admission;
      const body = { jsonrpc: "2.0", error: { code: -32000, message }, id: null };
      // The body has not been read: the connection cannot serve another request.
      sendJson(response, {
        status,
        body,
        headers: { ...corsOf(head, status), ...headers, connection: "close" },
      });
    }
  }
}

/** A page of an allowed origin may read why it was refused; another origin may not. */
function corsOf(head: RequestHead, status: number): Readonly<Record<string, string>> {
  return status === 403 ? {} : corsHeaders(head.origin);
}

function readHead(request: IncomingMessage): RequestHead {
  const { host, origin, authorization } = request.headers;
  return {
    method: request.method ?? "GET",
    path: (request.url ?? "/").split("?", 1)[0] ?? "/",
    host,
    origin,
    authorization,
    contentType: request.headers["content-type"],
  };
}

interface JsonAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

function sendJson(response: ServerResponse, { status, body, headers = {} }: JsonAnswer): void {
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(`${JSON.stringify(body)}\n`);
}

async function listen(server: Server, { host, port }: HttpSettings): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function describeUrl(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/mcp`;
}

async function closeServer(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), closeDeadlineMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(deadline);
}
