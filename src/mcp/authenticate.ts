import { createHash, timingSafeEqual } from "node:crypto";
import type { Scope } from "../tokens/scope.ts";
import { findToken, idOf, type TokenFile } from "../tokens/token-file.ts";
import { createRateLimit } from "./rate-limit.ts";

/** Who calls, once that is proved. */
export interface Principal {
  /** The same for every request of this caller; sessions and questions are bound to it. */
  readonly id: string;
  /** What is logged and recorded with changes; absent for the one token of a server that has no others. */
  readonly name?: string;
  readonly scope: Scope;
  /** The only targets that it may reach, by their labels; all where absent. */
  readonly targets?: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Set for OAuth: such a caller is asked to come back with more scope; others cannot get more. */
  readonly canStepUp?: true;
}

export type Verdict =
  | { readonly kind: "known"; readonly principal: Principal }
  | { readonly kind: "unknown" }
  | { readonly kind: "too_many"; readonly waitMs: number };

/** The ways in; at least one is given. */
export interface Credentials {
  /** One token that may do everything. */
  readonly token?: string;
  /** The tokens of the project as they are now. */
  readonly readTokens?: () => TokenFile | undefined;
  /** Proves an access token of an OAuth issuer; undefined where it is none, or not for this server. */
  readonly verifyAccessToken?: (token: string) => Promise<Principal | undefined>;
}

/** Says who sends this `Authorization` header from this address. */
export type Authenticate = (authorization: string | undefined, address: string) => Promise<Verdict>;

/** Ten wrong tokens at once and ten a minute: a person's slips pass, a guesser's thousands do not. */
const guesses = { perMinute: 10, burst: 10 };
/** The server's own token is good for as long as the server runs; clients want an end. */
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Wrong tokens are counted by address, and for a token whose id exists by that id and address: who guesses behind a proxy locks
 * nobody out who holds a token of the file. While the count is used up nothing is compared.
 */
export function createAuthenticate(credentials: Credentials, now: () => number): Authenticate {
  const limit = createRateLimit({ ...guesses, now });
  return async (authorization, address) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return { kind: "unknown" };
    const file = credentials.readTokens?.();
    const id = idOf(token);
    const isListed = file?.tokens.some((kept) => kept.id === id) === true;
    const key = isListed ? `${address} ${id}` : address;
    const isAccessToken = credentials.verifyAccessToken !== undefined && token.split(".").length === 3;
    const waitMs = isAccessToken ? 0 : limit.wait(key);
    if (waitMs > 0) return { kind: "too_many", waitMs };
    const principal = isAccessToken
      ? await credentials.verifyAccessToken?.(token)
      : (findOwn(credentials.token, token, now()) ?? findKept(file, token, now()));
    if (principal !== undefined) return { kind: "known", principal };
    const refusedMs = limit.take(key);
    return refusedMs === 0 ? { kind: "unknown" } : { kind: "too_many", waitMs: refusedMs };
  };
}

function findOwn(own: string | undefined, given: string, now: number): Principal | undefined {
  if (own === undefined || !timingSafeEqual(digest(given), digest(own))) return undefined;
  return { id: "token", scope: "admin", expiresAt: now + dayMs };
}

function findKept(file: TokenFile | undefined, given: string, now: number): Principal | undefined {
  const kept = file === undefined ? undefined : findToken(file, given, new Date(now));
  if (kept === undefined) return undefined;
  const { id, name, scope, targets, expires_at: expiresAt } = kept;
  const reach = targets === undefined ? {} : { targets };
  return { id: `token ${id}`, name, scope, ...reach, expiresAt: Date.parse(expiresAt) };
}

/** Digests have one length, so the comparison tells nothing about the token. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
