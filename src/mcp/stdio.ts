import { randomBytes } from "node:crypto";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { createConfirmations } from "./confirmation.ts";
import { createServer, type ServerParts } from "./create-server.ts";

/** A running server. */
export interface RunningStdio {
  /** Resolves when the client has closed its end, or `close` was called. */
  readonly ended: Promise<void>;
  readonly close: () => Promise<void>;
}

/** Serves MCP on stdin and stdout, which hold nothing but the protocol from here on. Running calls are aborted when stdin ends. */
export function startStdio(parts: ServerParts, onError: (error: Error) => void): RunningStdio {
  keepStdoutForProtocol();
  const confirmations = createConfirmations(randomBytes(32));
  const connection = serveStdio(() => createServer(parts, confirmations), { onerror: onError });
  const ended = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve);
    process.stdin.once("close", resolve);
    process.stdout.once("error", () => resolve());
  });
  return { ended, close: () => connection.close() };
}

/** A library that prints must not break the protocol: its lines go to stderr. */
function keepStdoutForProtocol(): void {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
}
