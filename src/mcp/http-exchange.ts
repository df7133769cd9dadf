import type { IncomingMessage, ServerResponse } from "node:http";
import type { toNodeHandler } from "@modelcontextprotocol/node";
import { isJsonContentType } from "@modelcontextprotocol/server";
import type { Authenticate, Principal } from "./authenticate.ts";
import { toAuthInfo } from "./caller.ts";
import {
  admit,
  corsHeaders,
  preflightHeaders,
  type HttpPolicy,
  type Refusal,
  type RequestHead,
} from "./http-policy.ts";
import type { OAuthMetadata } from "./oauth.ts";
import type { RateLimit } from "./rate-limit.ts";

/** One request as the log has it: no token, no argument, no text that a caller made up. */
export interface AccessLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly duration_ms: number;
  readonly address: string;
  readonly principal?: string;
  readonly tool?: string;
}

export interface ExchangeParts {
  readonly version: string;
  readonly onError: (error: Error) => void;
  readonly onAccess?: (line: AccessLine) => void;
  readonly settings: HttpPolicy & { readonly oauth?: OAuthMetadata };
  readonly serve: ReturnType<typeof toNodeHandler>;
  readonly authenticate: Authenticate;
  readonly limit: RateLimit;
}

/** Answers requests one by one. */
export interface Exchange {
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Refuses new calls from now on, and resolves when no call runs any more, at the latest after so many milliseconds. */
  readonly drain: (longestMs: number) => Promise<void>;
}

interface Running {
  /** Answers that are not written yet; streams that never end by themselves are not among them. */
  readonly calls: Set<ServerResponse>;
  isClosing: boolean;
}

interface Noted {
  principal?: Principal;
  tool?: string;
}

export function createExchange(parts: ExchangeParts): Exchange {
  const running: Running = { calls: new Set(), isClosing: false };
  return {
    answer: async (request, response) => {
      const noted: Noted = {};
      logAtEnd({ request, response, noted }, parts);
      await respond({ request, response, noted }, parts, running).catch((error: unknown) => {
        parts.onError(error instanceof Error ? error : new Error(String(error)));
        const message = "The server met a fault; its log says which.";
        if (response.headersSent) response.destroy();
        else refuse(response, { kind: "refuse", status: 500, message });
      });
    },
    drain: async (longestMs) => {
      running.isClosing = true;
      const deadline = AbortSignal.timeout(longestMs);
      while (running.calls.size > 0 && !deadline.aborted) await nextEnd(running.calls, deadline);
    },
  };
}

async function nextEnd(calls: ReadonlySet<ServerResponse>, deadline: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    deadline.addEventListener("abort", () => resolve(), { once: true });
    for (const response of calls) response.once("close", resolve);
  });
}

interface Turn {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly noted: Noted;
}

async function respond(turn: Turn, parts: ExchangeParts, running: Running): Promise<void> {
  const { request, response } = turn;
  const head = readHead(request);
  const admission = admit(head, parts.settings);
  switch (admission.kind) {
    case "authenticate": {
      const admitted = running.isClosing ? closing : await admitCaller(turn, parts);
      if (admitted.kind === "refuse") return refuse(response, admitted, head);
      for (const [name, value] of Object.entries(corsHeaders(head.origin))) response.setHeader(name, value);
      countCall(turn, running);
      // The SDK's type forbids the undefined fields that Node's own request type declares.
      const authorized = Object.assign(request, { auth: authInfoOf(turn, admitted, parts) });
      return parts.serve(authorized as Parameters<typeof parts.serve>[0], response);
    }
    case "health": {
      const status = running.isClosing ? "closing" : "ok";
      const body = { status, name: "godwit", version: parts.version };
      return sendJson(response, { status: running.isClosing ? 503 : 200, body });
    }
    case "metadata": {
      const body = parts.settings.oauth?.read(head.path);
      if (body === undefined) return refuse(response, notFound, head);
      return sendJson(response, { status: 200, body, headers: { "access-control-allow-origin": "*" } });
    }
    case "preflight":
      response
        .writeHead(204, preflightHeaders(head.origin, readHeader(request, "access-control-request-headers")))
        .end();
      return;
    case "refuse":
      refuse(response, admission, head);
  }
}

const closing: Refusal = {
  kind: "refuse",
  status: 503,
  message: "This server is closing; try again in a moment.",
  headers: { "retry-after": "5" },
};
const notFound: Refusal = { kind: "refuse", status: 404, message: "Not found; the server is at /mcp." };

interface Known {
  readonly kind: "known";
  readonly principal: Principal;
}

/** Token, rate, content type. */
async function admitCaller({ request, noted }: Turn, parts: ExchangeParts): Promise<Known | Refusal> {
  const verdict = await parts.authenticate(request.headers.authorization, addressOf(request));
  if (verdict.kind === "too_many") return tooMany(verdict.waitMs, "Too many wrong tokens.");
  if (verdict.kind === "unknown") {
    const metadata = parts.settings.oauth?.metadataUrl;
    const challenge = metadata === undefined ? "" : `, resource_metadata="${metadata}", scope="read"`;
    return {
      kind: "refuse",
      status: 401,
      message: "Send a token that is valid: Authorization: Bearer <token>.",
      headers: { "www-authenticate": `Bearer realm="godwit"${challenge}` },
    };
  }
  noted.principal = verdict.principal;
  const waitMs = parts.limit.take(verdict.principal.id);
  if (waitMs > 0) return tooMany(waitMs, "Too many requests.");
  if (request.method === "POST" && !isJsonContentType(request.headers["content-type"]))
    return { kind: "refuse", status: 415, message: "Send application/json." };
  return verdict;
}

function tooMany(waitMs: number, message: string): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return {
    kind: "refuse",
    status: 429,
    message: `${message} Try again in ${seconds} s.`,
    headers: { "retry-after": String(seconds) },
  };
}

function authInfoOf(
  { noted }: Turn,
  { principal }: Known,
  { settings }: ExchangeParts,
): ReturnType<typeof toAuthInfo> {
  const heard = (tool: string): void => void (noted.tool = tool);
  return toAuthInfo({ principal, heard }, settings.oauth?.metadataUrl);
}

/** Streams of events end with their client, so nothing waits for them. */
function countCall({ request, response }: Turn, { calls }: Running): void {
  const isStream = readHeader(request, "mcp-method") === "subscriptions/listen";
  if (request.method !== "POST" || isStream) return;
  calls.add(response);
  response.once("close", () => calls.delete(response));
}

function logAtEnd({ request, response, noted }: Turn, { onAccess }: ExchangeParts): void {
  const start = performance.now();
  const { path, method } = readHead(request);
  response.once("close", () => {
    const { principal, tool } = noted;
    onAccess?.({
      method: knownMethods.includes(method) ? method : "other",
      path: knownPaths.includes(path) ? path : "other",
      // A client that went away before the answer has none.
      status: response.headersSent ? response.statusCode : 499,
      duration_ms: Math.round(performance.now() - start),
      address: addressOf(request),
      ...(principal === undefined ? {} : { principal: principal.name ?? principal.id }),
      ...(tool === undefined ? {} : { tool }),
    });
  });
}

const knownMethods = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"];
const knownPaths = ["/mcp", "/healthz", "/health"];

function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? "";
}

function readHead(request: IncomingMessage): RequestHead {
  const { host, origin } = request.headers;
  return {
    method: request.method ?? "GET",
    path: (request.url ?? "/").split("?", 1)[0] ?? "/",
    host,
    origin,
  };
}

function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

/** The body has not been read: the connection cannot serve another request. */
function refuse(response: ServerResponse, refusal: Refusal, head?: RequestHead): void {
  const { status, message, headers = {} } = refusal;
  // A page of an allowed origin may read why it was refused; another origin may not.
  const cors = status === 403 || head === undefined ? {} : corsHeaders(head.origin);
  const body = { jsonrpc: "2.0", error: { code: -32_000, message }, id: null };
  sendJson(response, { status, body, headers: { ...cors, ...headers, connection: "close" } });
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
