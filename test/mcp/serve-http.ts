import { createServer } from "../../src/mcp/create-server.ts";
import { startHttp, type HttpParts, type HttpSettings, type RunningHttp } from "../../src/mcp/http.ts";
import { fakeEngine } from "./fake-engine.ts";

/** A token that may do everything on a server of `serveHttp`. */
export const token = "secret-token-secret-token";

/** Serves on a free port of loopback: a fake engine and one token, unless told otherwise. */
export async function serveHttp(
  parts: Partial<HttpParts> = {},
  settings: Partial<HttpSettings> = {},
): Promise<RunningHttp> {
  const engine = fakeEngine();
  return startHttp(
    {
      makeServer: (confirmations) =>
        createServer({ engine, version: "1.2.3", reportFault: () => undefined }, confirmations),
      version: "1.2.3",
      onError: () => undefined,
      ...parts,
    },
    {
      host: "127.0.0.1",
      port: 0,
      credentials: { token },
      stateKey: new Uint8Array(32),
      requestsPerMinute: 0,
      allowedHosts: [],
      allowedOrigins: [],
      ...settings,
    },
  );
}
