import { createHash, timingSafeEqual } from "node:crypto";
import {
  isJsonContentType,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from "@modelcontextprotocol/server";

/** Who may call the HTTP server. */
export interface HttpPolicy {
  readonly token: string;
  /** Host names beside the loopback ones. */
  readonly allowedHosts: readonly string[];
  /** Whole origins, such as `https://app.example.com`, beside pages on loopback. */
  readonly allowedOrigins: readonly string[];
}

/** The part of a request that is known before its body is read. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
}

/** What to do with a request, decided before its body is read. */
export type Admission =
  | { readonly kind: "serve" }
  | { readonly kind: "health" }
  | { readonly kind: "preflight" }
  | {
      readonly kind: "refuse";
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Decides in this order: Host, Origin, path, preflight, method, token, content type. */
export function admit(head: RequestHead, policy: HttpPolicy): Admission {
  const host = validateHostHeader(head.host, [...localhostAllowedHostnames(), ...policy.allowedHosts]);
  if (!host.ok)
    return { kind: "refuse", status: 403, message: "This Host is not allowed; see --allowed-host." };
  if (!isAllowedOrigin(head.origin, policy.allowedOrigins)) {
    return { kind: "refuse", status: 403, message: "This Origin is not allowed; see --allowed-origin." };
  }
  if (head.path === "/health" && head.method === "GET") return { kind: "health" };
  if (head.path !== "/mcp")
    return { kind: "refuse", status: 404, message: "Not found; the server is at /mcp." };
  if (head.method === "OPTIONS" && head.origin !== undefined) return { kind: "preflight" };
  if (!hasToken(head.authorization, policy.token)) {
    const headers = { "www-authenticate": 'Bearer realm="godwit"' };
    return {
      kind: "refuse",
      status: 401,
      message: "Send the token: Authorization: Bearer <token>.",
      headers,
    };
  }
  if (head.method === "POST" && !isJsonContentType(head.contentType)) {
    return { kind: "refuse", status: 415, message: "Send application/json." };
  }
  return { kind: "serve" };
}

function isAllowedOrigin(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  return allowed.includes(origin) || validateOriginHeader(origin, localhostAllowedOrigins()).ok;
}

/** Compares digests, so that neither the time taken nor the length tells anything about the token. */
function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The headers that let a page of an allowed origin read the answer; none for other callers. */
export function corsHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "MCP-Protocol-Version, WWW-Authenticate",
    vary: "Origin",
  };
}

/** What a preflight of an allowed origin is answered with. */
export function preflightHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  return {
    ...corsHeaders(origin),
    "access-control-allow-methods": "POST, GET, DELETE",
    "access-control-allow-headers":
      "Content-Type, Accept, Authorization, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID",
    "access-control-max-age": "600",
  };
}
