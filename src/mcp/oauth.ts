import { getOAuthProtectedResourceMetadataUrl } from "@modelcontextprotocol/server";
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";
import { allows, scopes, type Scope } from "../tokens/scope.ts";
import type { Principal } from "./authenticate.ts";

/** Godwit as a resource server of OAuth 2.1: it takes tokens of one issuer that are meant for its own address. */
export interface OAuthSettings {
  /** As it stands in `iss`. */
  readonly issuer: string;
  /** Where the issuer publishes its keys; found in the issuer's own metadata where absent. */
  readonly jwksUrl?: string;
  /** The address by which callers reach `/mcp`; it must be in `aud`. */
  readonly publicUrl: string;
}

/** What callers are told about where tokens come from (RFC 9728). */
export interface OAuthMetadata {
  readonly metadataUrl: string;
  /** The document at this path, or undefined. */
  readonly read: (path: string) => object | undefined;
}

/** Only signatures with a public key: a shared secret would let every holder make tokens. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const clockToleranceSeconds = 30;
const discoveryMs = 5000;

export function describeOAuth({ issuer, publicUrl }: OAuthSettings): OAuthMetadata {
  const metadataUrl = getOAuthProtectedResourceMetadataUrl(new URL(publicUrl));
  const document = {
    resource: publicUrl,
    authorization_servers: [issuer],
    scopes_supported: [...scopes],
    bearer_methods_supported: ["header"],
    resource_name: "Godwit",
  };
  const paths = [new URL(metadataUrl).pathname, "/.well-known/oauth-protected-resource"];
  return { metadataUrl, read: (path) => (paths.includes(path) ? document : undefined) };
}

/** Proves access tokens; what is wrong with one is not told. Rejects where the issuer's keys cannot be had. */
export function createAccessTokenVerifier(
  settings: OAuthSettings,
): (token: string) => Promise<Principal | undefined> {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (token) => {
    keys ??= readKeys(settings);
    const found = await keys.catch((error: unknown) => {
      // The next token tries again.
      keys = undefined;
      throw error;
    });
    const { issuer, publicUrl } = settings;
    const options = {
      issuer,
      audience: publicUrl,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ["exp", "sub"],
    };
    const payload = await jwtVerify(token, found, options).then(
      (verified) => verified.payload,
      (error: unknown) => {
        if (isWrongToken(error)) return undefined;
        throw error;
      },
    );
    return payload === undefined ? undefined : toPrincipal(payload);
  };
}

/** Keys that cannot be had are the server's trouble, not the token's. */
function isWrongToken(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    error.code !== "ERR_JOSE_GENERIC"
  );
}

/** A token without any of the scopes lets nobody in. */
function toPrincipal(payload: JWTPayload): Principal | undefined {
  const scope = highestScope(payload);
  const { sub, exp } = payload;
  if (scope === undefined || sub === undefined || exp === undefined) return undefined;
  return { id: `oauth ${sub}`, name: nameOf(sub), scope, expiresAt: exp * 1000, canStepUp: true };
}

/** `scope` is a text of RFC 9068; some issuers send a list in `scp`. */
function highestScope({ scope, scp }: JWTPayload): Scope | undefined {
  const given: readonly unknown[] =
    typeof scope === "string" ? scope.split(" ") : Array.isArray(scp) ? scp : [];
  const held = scopes.filter((known) => given.includes(known));
  return held.toSorted((a, b) => (allows(a, b) ? -1 : 1))[0];
}

function nameOf(subject: string): string {
  return subject.replace(/[^\x21-\x7e]/g, "?").slice(0, 60);
}

async function readKeys({ issuer, jwksUrl }: OAuthSettings): Promise<JWTVerifyGetKey> {
  return createRemoteJWKSet(new URL(jwksUrl ?? (await discoverKeys(issuer))));
}

/** RFC 8414 puts the well-known part before the issuer's path, OpenID Connect behind it. */
async function discoverKeys(issuer: string): Promise<string> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  for (const place of places) {
    const answer = await fetch(place, { signal: AbortSignal.timeout(discoveryMs), redirect: "error" });
    const document: unknown = answer.ok ? await answer.json() : undefined;
    if (typeof document !== "object" || document === null || !("jwks_uri" in document)) continue;
    // A document that speaks for another issuer is not this one's (RFC 8414, section 3.3).
    if ("issuer" in document && document.issuer === issuer) return String(document.jwks_uri);
  }
  throw new Error(`The OAuth issuer ${issuer} does not say where its keys are; give --oauth-jwks-url.`);
}
