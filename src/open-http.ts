import { createHash, randomBytes } from "node:crypto";
import type { HttpConfig } from "./config/load-config.ts";
import { describeLabels } from "./config/describe-target.ts";
import type { Credentials } from "./mcp/authenticate.ts";
import { createServer } from "./mcp/create-server.ts";
import { startHttp, type HttpSettings } from "./mcp/http.ts";
import type { Program } from "./program.ts";
import { hasExpired, type TokenFile } from "./tokens/token-file.ts";
import { watchTokenFile } from "./tokens/token-store.ts";

/** A server that listens, and what to tell the person who started it. */
export interface OpenedHttp {
  readonly kind: "open";
  readonly url: string;
  /** The token that was made for this run, where there is no other way in. */
  readonly newToken?: string;
  /** The ways in, in words. */
  readonly ways: readonly string[];
  readonly close: () => Promise<void>;
}

/** Serves HTTP with every way in that is set up; with none, a new token is made, which goes for this run. */
export async function openHttp(
  { config, engine, log, version }: Program,
  http: HttpConfig,
): Promise<OpenedHttp | { readonly kind: "failed"; readonly message: string }> {
  const readTokens = watchTokenFile(http.tokenPath);
  try {
    const file = readTokens();
    const ways = describeWays(http, file);
    if (ways.length === 0 && file !== undefined && file.tokens.length > 0)
      return failed(`Every token in ${http.tokenPath} has expired: make one with godwit token add.`);
    const newToken = ways.length === 0 ? randomBytes(32).toString("base64url") : undefined;
    const token = http.token ?? newToken;
    const { verifyAccessToken, ...told } = await readAccess(http);
    const { oauth: _, ...place } = http;
    const settings: HttpSettings = {
      ...place,
      ...told,
      credentials: {
        readTokens,
        ...(verifyAccessToken === undefined ? {} : { verifyAccessToken }),
        ...(token === undefined ? {} : { token }),
      },
      stateKey: toStateKey(file?.state_key ?? token),
    };
    const parts = {
      makeServer: (confirmations: Parameters<typeof createServer>[1]) =>
        createServer(
          { engine, version, reportFault: log.fault, targets: describeLabels(config.engine.target) },
          confirmations,
        ),
      version,
      onError: (error: Error) => log.error(error, "http"),
      onAccess: (line: object) => log.info("request", line),
    };
    const { url, close } = await startHttp(parts, settings);
    return { kind: "open", url, ways, close, ...(newToken === undefined ? {} : { newToken }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed(`Cannot listen on ${http.host}:${http.port}: ${reason}`);
  }
}

function failed(message: string): { readonly kind: "failed"; readonly message: string } {
  return { kind: "failed", message };
}

function describeWays(http: HttpConfig, file: TokenFile | undefined): readonly string[] {
  const valid = (file?.tokens ?? []).filter((kept) => !hasExpired(kept, new Date())).length;
  return [
    ...(http.token === undefined ? [] : ["as given"]),
    ...(valid === 0 ? [] : [`${valid} made with godwit token`]),
    ...(http.oauth === undefined ? [] : [`of the OAuth issuer ${http.oauth.issuer}`]),
  ];
}

async function readAccess({
  oauth,
}: HttpConfig): Promise<Pick<Credentials, "verifyAccessToken"> & Pick<HttpSettings, "oauth">> {
  if (oauth === undefined) return {};
  const { createAccessTokenVerifier, describeOAuth } = await import("./mcp/oauth.ts");
  return { oauth: describeOAuth(oauth), verifyAccessToken: createAccessTokenVerifier(oauth) };
}

/** Replicas that share the file of tokens, or the token, can read each other's questions. */
function toStateKey(secret: string | undefined): Uint8Array {
  if (secret === undefined) return randomBytes(32);
  return createHash("sha256").update(`godwit request state\0${secret}`).digest();
}
