import { createServer as createHttpServer, type Server } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import type { McpServer, ServerEventBus } from "@modelcontextprotocol/server";
import { createAuthenticate, type Credentials } from "./authenticate.ts";
import { createConfirmations, type Confirmations } from "./confirmation.ts";
import { createHttpEndpoint } from "./http-endpoint.ts";
import { createExchange, type AccessLine } from "./http-exchange.ts";
import type { HttpPolicy } from "./http-policy.ts";
import type { OAuthMetadata } from "./oauth.ts";
import { createRateLimit } from "./rate-limit.ts";

/** Where to listen, for whom, and within which limits. Port 0 takes a free one. */
export interface HttpSettings extends HttpPolicy {
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials;
  /** Told to callers that have to authenticate by OAuth. */
  readonly oauth?: OAuthMetadata;
  /** Signs what travels with a question; 32 bytes, the same for every replica that may get the answer. */
  readonly stateKey: Uint8Array;
  /** Requests of one caller; 0 is no limit. */
  readonly requestsPerMinute: number;
  readonly limits?: Partial<HttpLimits>;
}

/** In milliseconds. */
export interface HttpLimits {
  /** A client that has not sent its headers by then is answered 408. */
  readonly headersMs: number;
  /** The same for the whole request with its body. */
  readonly requestMs: number;
  /** How long running calls may take to end when the server closes. */
  readonly drainMs: number;
}

/** A listening server. */
export interface RunningHttp {
  /** Address of the MCP endpoint. */
  readonly url: string;
  /** Refuses new calls with 503, lets running ones end within the limit, aborts the rest, and resolves when all are closed. */
  readonly close: () => Promise<void>;
}

/** What is served. */
export interface HttpParts {
  /** Makes the server of one request or session, with the questions that all of them share. */
  readonly makeServer: (confirmations: Confirmations) => McpServer;
  readonly version: string;
  readonly onError: (error: Error) => void;
  /** Hears of every request when it is over. */
  readonly onAccess?: (line: AccessLine) => void;
  /** Where changes of the lists are published to subscribers. */
  readonly events?: ServerEventBus;
}

/** A body over it is answered 413 (4 MiB, the SDK's own bound). */
const longestBodyBytes = 4 * 1024 * 1024;
const usualLimits: HttpLimits = { headersMs: 10_000, requestMs: 30_000, drainMs: 25_000 };
/** Slow clients are looked for so often. */
const lookMs = 1000;
/** Connections over it are closed at once; each costs memory before anything is known of it. */
const mostConnections = 2000;
/** What is left after running calls have ended is a last write. */
const lastWriteMs = 2000;

/** Serves MCP over Streamable HTTP at `/mcp`. Rejects with the system's error where it cannot listen. */
export async function startHttp(parts: HttpParts, settings: HttpSettings): Promise<RunningHttp> {
  const { makeServer, onError } = parts;
  const limits = { ...usualLimits, ...settings.limits };
  const confirmations = createConfirmations(settings.stateKey);
  const endpoint = createHttpEndpoint({
    ...parts,
    makeServer: () => makeServer(confirmations),
    longestBodyBytes,
  });
  const { requestsPerMinute: perMinute } = settings;
  const exchange = createExchange({
    ...parts,
    settings,
    serve: toNodeHandler(endpoint, { maxRequestBodySize: longestBodyBytes, onerror: onError }),
    authenticate: createAuthenticate(settings.credentials, Date.now),
    // A tenth of a minute's requests may come at once: a client opens with several.
    limit: createRateLimit({ perMinute, burst: Math.max(20, Math.ceil(perMinute / 10)), now: Date.now }),
  });
  const timeouts = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(lookMs, limits.headersMs),
  };
  const server = createHttpServer(timeouts, (request, response) => void exchange.answer(request, response));
  server.maxConnections = mostConnections;
  await listen(server, settings);
  return {
    url: describeUrl(server, settings.host),
    close: async () => {
      await exchange.drain(limits.drainMs);
      const closed = closeServer(server);
      await endpoint.close();
      await closed;
    },
  };
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
  const deadline = setTimeout(() => server.closeAllConnections(), lastWriteMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(deadline);
}
