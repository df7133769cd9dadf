import {
  createMcpHandler,
  type McpHandlerRequestOptions,
  type McpServer,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import { createHttpSessions } from "./http-sessions.ts";

export interface HttpEndpointSettings {
  /** Makes the server of one request, or of one session. */
  readonly makeServer: () => McpServer;
  readonly longestBodyBytes: number;
  readonly onError: (error: Error) => void;
  /** Where changes of the lists are published to subscribers. */
  readonly events?: ServerEventBus;
}

/** MCP as web requests and responses, without any policy. */
export interface HttpEndpoint {
  readonly fetch: (request: Request, options?: McpHandlerRequestOptions) => Promise<Response>;
  /** Aborts what runs. */
  readonly close: () => Promise<void>;
}

/** A session costs about 100 kB; a client of 2025 that can be asked has one as long as it uses it. */
const sessions = { most: 500, idleMs: 30 * 60 * 1000 };

/** Serves 2026 and, request by request, 2025; clients of 2025 that can ask their person get a session. */
export function createHttpEndpoint({
  makeServer,
  longestBodyBytes,
  onError,
  events,
}: HttpEndpointSettings): HttpEndpoint {
  const handler = createMcpHandler(makeServer, {
    maxRequestBodySize: longestBodyBytes,
    onerror: onError,
    ...(events === undefined ? {} : { bus: events }),
  });
  const asking = createHttpSessions({ makeServer, onError, now: Date.now, ...sessions });
  return {
    fetch: async (request, options = {}) =>
      (await asking.serve(request, options)) ?? handler.fetch(request, options),
    close: async () => {
      await Promise.all([asking.close(), handler.close()]);
    },
  };
}
