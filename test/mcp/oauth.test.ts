import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RunningHttp } from "../../src/mcp/http.ts";
import { createAccessTokenVerifier, describeOAuth } from "../../src/mcp/oauth.ts";
import { serveHttp } from "./serve-http.ts";

const publicUrl = "https://db.example.com/mcp";
let issuer: string;
let issuerServer: Server;
let key: CryptoKey;
let running: RunningHttp | undefined;

beforeAll(async () => {
  const pair = await generateKeyPair("ES256");
  key = pair.privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "one", alg: "ES256" };
  issuerServer = createServer((request, response) => {
    const documents: Readonly<Record<string, object>> = {
      "/.well-known/oauth-authorization-server": { issuer, jwks_uri: `${issuer}/keys` },
      "/keys": { keys: [jwk] },
    };
    const document = documents[request.url ?? ""];
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document));
  }).listen(0, "127.0.0.1");
  await once(issuerServer, "listening");
  issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
});
afterAll(() => void issuerServer.close());
afterEach(async () => {
  await running?.close();
  running = undefined;
});

interface Differently {
  readonly scope?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string;
  readonly key?: CryptoKey | Uint8Array;
  readonly alg?: string;
}

async function sign(given: Differently = {}): Promise<string> {
  return new SignJWT({ scope: given.scope ?? "read" })
    .setProtectedHeader({ alg: given.alg ?? "ES256", kid: "one" })
    .setSubject("alice")
    .setIssuer(given.issuer ?? issuer)
    .setAudience(given.audience ?? publicUrl)
    .setExpirationTime(given.expires ?? "5m")
    .sign(given.key ?? key);
}

async function call(token: string | undefined, name: string): Promise<Response> {
  const settings = { issuer, publicUrl };
  running ??= await serveHttp(
    {},
    {
      credentials: { verifyAccessToken: createAccessTokenVerifier(settings) },
      oauth: describeOAuth(settings),
    },
  );
  return fetch(running.url, {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: {} } }),
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
}

describe("an access token of OAuth", () => {
  it("of the issuer, for this server, with a scope that suffices lets its caller call", async () => {
    expect((await call(await sign(), "list_migrations")).status).toBe(200);
    expect((await call(await sign({ scope: "openid write" }), "apply_migration")).status).toBe(200);
  });

  it("of anybody else, for another server, out of date, unsigned or without a scope lets nobody in", async () => {
    const stranger = (await generateKeyPair("ES256")).privateKey;
    const wrong = [
      await sign({ key: stranger }),
      await sign({ issuer: "https://other.example.com" }),
      await sign({ audience: "https://other.example.com/mcp" }),
      await sign({ expires: "-5m" }),
      await sign({ scope: "openid" }),
      await sign({ alg: "HS256", key: new Uint8Array(32) }),
      `${(await sign()).split(".").slice(0, 2).join(".")}.`,
    ];
    for (const token of wrong) expect((await call(token, "list_migrations")).status).toBe(401);
  });

  it("that is missing is asked for by naming the metadata, which names the issuer", async () => {
    const refused = await call(undefined, "list_migrations");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain(
      'resource_metadata="https://db.example.com/.well-known/oauth-protected-resource/mcp"',
    );
    const place = new URL("/.well-known/oauth-protected-resource/mcp", running?.url);
    expect(await (await fetch(place)).json()).toMatchObject({
      resource: publicUrl,
      authorization_servers: [issuer],
      scopes_supported: ["read", "write", "admin"],
    });
  });

  it("with too little scope is sent back for more", async () => {
    const refused = await call(await sign(), "apply_migration");
    expect(refused.status).toBe(403);
    const challenge = refused.headers.get("www-authenticate");
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="write"');
  });
});
