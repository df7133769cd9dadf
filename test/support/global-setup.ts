import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import type { PostgresMajor, ServerName } from "./postgres-binaries.ts";
import { startServer, type PostgresServer } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of the broker that starts one server a run and major, when the first test asks for it. */
    readonly postgresBroker: string;
  }
}

/** Vitest's global set-up: one cluster a run and major, started on demand, stopped at the end of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = new Map<string, Promise<PostgresServer>>();
  const broker = createServer((request, response) => {
    const major = decodeURIComponent(request.url?.slice(1) ?? "");
    const server = servers.get(major) ?? startServer({ major: toName(major) });
    servers.set(major, server);
    server.then(
      ({ stop: _stop, log: _log, ...address }) => response.end(JSON.stringify(address)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  // A connection kept alive may close just as the next question is sent.
  broker.keepAliveTimeout = 0;
  broker.listen(0, "127.0.0.1");
  await once(broker, "listening");
  project.provide("postgresBroker", addressOf(broker));
  return async () => {
    broker.close();
    broker.closeAllConnections();
    const settled = await Promise.allSettled(servers.values());
    await Promise.all(
      settled.flatMap((server) => (server.status === "fulfilled" ? [server.value.stop()] : [])),
    );
  };
}

function toName(text: string): ServerName {
  return text === "15 with PostGIS" ? text : (Number(text) as PostgresMajor);
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
