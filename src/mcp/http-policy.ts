import {
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from "@modelcontextprotocol/server";

/** From where the HTTP server may be called. */
export interface HttpPolicy {
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
}

/** Why a request is not served. */
export interface Refusal {
  readonly kind: "refuse";
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What to do with a request, decided before its caller is known and its body is read. */
export type Admission =
  | { readonly kind: "authenticate" }
  | { readonly kind: "health" }
  | { readonly kind: "metadata" }
  | { readonly kind: "preflight" }
  | Refusal;

/** Decides in this order: Host, Origin, path, preflight. */
export function admit(head: RequestHead, policy: HttpPolicy): Admission {
  const host = validateHostHeader(head.host, [...localhostAllowedHostnames(), ...policy.allowedHosts]);
  if (!host.ok)
    return { kind: "refuse", status: 403, message: "This Host is not allowed; see --allowed-host." };
  if (!isAllowedOrigin(head.origin, policy.allowedOrigins)) {
    return { kind: "refuse", status: 403, message: "This Origin is not allowed; see --allowed-origin." };
  }
  const isRead = head.method === "GET" || head.method === "HEAD";
  if (isRead && healthPaths.includes(head.path)) return { kind: "health" };
  if (isRead && head.path.startsWith("/.well-known/")) return { kind: "metadata" };
  if (head.path !== "/mcp")
    return { kind: "refuse", status: 404, message: "Not found; the server is at /mcp." };
  if (head.method === "OPTIONS" && head.origin !== undefined) return { kind: "preflight" };
  return { kind: "authenticate" };
}

const healthPaths = ["/healthz", "/health"];

function isAllowedOrigin(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  return allowed.includes(origin) || validateOriginHeader(origin, localhostAllowedOrigins()).ok;
}

/** The headers that let a page of an allowed origin read the answer; none for other callers. */
export function corsHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "MCP-Protocol-Version, Mcp-Session-Id, WWW-Authenticate, Retry-After",
    vary: "Origin",
  };
}

const allowedHeaders =
  "Content-Type, Accept, Authorization, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID";

/** What a preflight of an allowed origin is answered with; 2026 lets arguments be repeated in headers of their own. */
export function preflightHeaders(origin: string | undefined, asked = ""): Readonly<Record<string, string>> {
  const own = asked.split(",").flatMap((name) => /^ *(mcp-param-[\w-]{1,64}) *$/i.exec(name)?.[1] ?? []);
  return {
    ...corsHeaders(origin),
    "access-control-allow-methods": "POST, GET, DELETE",
    "access-control-allow-headers": [allowedHeaders, ...own].join(", "),
    "access-control-max-age": "600",
  };
}
