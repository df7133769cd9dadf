import { createHmac } from "node:crypto";
import type { Probe } from "../probe.ts";
import type { ApiSettings } from "./api-settings.ts";

/** What a question is asked with. */
export interface Credential {
  /** Lets a request through the gateway. */
  readonly apiKey: string;
  /** Says who asks; absent where the key says it. */
  readonly token?: string;
}

/** How long a token of ours is good for, in seconds: no longer than the questions may take. */
const tokenSeconds = 600;

/** What a probe's role and claims are asked with, or why they cannot be asked as. */
export function chooseCredential(
  api: ApiSettings,
  { role, claims = {} }: Probe,
  now: Date,
): Credential | { readonly lacks: string } {
  const hasClaims = Object.keys(claims).length > 0;
  if (!hasClaims && role === "anon" && api.anonKey !== undefined) return { apiKey: api.anonKey };
  if (!hasClaims && role === "service_role" && api.serviceRoleKey !== undefined)
    return { apiKey: api.serviceRoleKey };
  if (claims["role"] !== undefined && claims["role"] !== role)
    return { lacks: "the claims name another role" };
  if (api.jwtSecret === undefined) return { lacks: lacking(role, hasClaims) };
  const seconds = Math.floor(now.getTime() / 1000);
  const token = signToken({ iat: seconds, exp: seconds + tokenSeconds, ...claims, role }, api.jwtSecret);
  return { apiKey: api.anonKey ?? token, token };
}

function lacking(role: string, hasClaims: boolean): string {
  if (!hasClaims && role === "anon") return "SUPABASE_ANON_KEY is not set";
  if (!hasClaims && role === "service_role") return "SUPABASE_SERVICE_ROLE_KEY is not set";
  return `${hasClaims ? "claims" : `the role ${role}`} and no SUPABASE_JWT_SECRET to sign a token with`;
}

/** A JSON Web Token, signed as Supabase's own (RFC 7519, HS256). */
function signToken(claims: object, secret: string): string {
  const body = [{ alg: "HS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}
