import { createRequestStateCodec, InMemoryServerEventBus } from "@modelcontextprotocol/server";
import { randomBytes } from "node:crypto";
import * as z from "zod";
import { afterEach, describe, expect, it } from "vitest";
import { createServer } from "../../src/mcp/create-server.ts";
import type { HttpParts, RunningHttp } from "../../src/mcp/http.ts";
import { serveProgram, temporaryProject } from "../e2e/program.ts";
import { fakeEngine } from "../mcp/fake-engine.ts";
import { serveHttp, token } from "../mcp/serve-http.ts";
import { mountAsking } from "./asking-fixtures.ts";
import { mountContent } from "./content-fixtures.ts";
import { readRequired, runSuite, type Part } from "./run-suite.ts";

let running: RunningHttp | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

interface Differently {
  readonly events?: InMemoryServerEventBus;
  /** Who may call beside callers on loopback. */
  readonly strangers?: { readonly hosts: readonly string[]; readonly origins: readonly string[] };
}

async function serve(
  makeServer: HttpParts["makeServer"],
  { events = new InMemoryServerEventBus(), strangers = { hosts: [], origins: [] } }: Differently = {},
): Promise<string> {
  running = await serveHttp(
    { makeServer, events },
    { allowedHosts: strangers.hosts, allowedOrigins: strangers.origins },
  );
  return running.url;
}

/** Godwit's own server, on its own HTTP endpoint, with what the suite asks for by name beside Godwit's tools. */
function withFixtures(events: InMemoryServerEventBus): HttpParts["makeServer"] {
  const engine = fakeEngine();
  const codec = createRequestStateCodec<Record<string, unknown>>({ key: randomBytes(32) });
  const inputSchema = z.object({});
  return (confirmations) => {
    const parts = { engine, version: "0.0.0", reportFault: () => undefined };
    const server = createServer(parts, {
      ...confirmations,
      verify: (state, ctx) => codec.verify(state, ctx),
    });
    server.server.registerCapabilities({
      logging: {},
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
    });
    mountContent(server);
    mountAsking(server, codec);
    for (const kind of ["tools", "prompts"] as const) {
      const name = `test_trigger_${kind.slice(0, -1)}_change`;
      server.registerTool(name, { description: "Fixture", inputSchema }, async () => {
        events.publish({ kind: `${kind}_list_changed` });
        return { content: [{ type: "text", text: "published" }] };
      });
    }
    return server;
  };
}

/** The scenarios that ask for no fixture: what they find is Godwit's own. */
const natural: readonly Part[] = [
  ...[
    "server-initialize",
    "ping",
    "tools-list",
    "prompts-list",
    "dns-rebinding-protection",
    "server-sse-multiple-streams",
  ].map((scenario) => ({ scenario, version: "2025-11-25" as const })),
  ...[
    "tools-list",
    "prompts-list",
    "dns-rebinding-protection",
    "http-header-validation",
    "input-required-result-unsupported-methods",
  ].map((scenario) => ({ scenario, version: "2026-07-28" as const })),
];

describe("the official conformance suite", () => {
  it.each(["2025-11-25", "2026-07-28"] as const)(
    "passes all that %s requires of a server",
    async (revision) => {
      const events = new InMemoryServerEventBus();
      const url = await serve(withFixtures(events), { events });
      const findings = await runSuite({ url, token }, [{ requirements: revision }]);
      const required = readRequired(revision).map((scenario) =>
        findings.find((found) => found.scenario === scenario),
      );
      expect(required.filter((found) => found === undefined || found.passed === 0)).toEqual([]);
      expect(required.filter((found) => found?.failed.length !== 0)).toEqual([]);
      expect(required.length).toBeGreaterThanOrEqual(30);
    },
  );

  it("passes on the built program as it is, wherever a scenario asks for no fixture", async () => {
    using project = temporaryProject();
    const served = await serveProgram(["--data-dir", "memory"], { folder: project.folder });
    try {
      const findings = await runSuite(served, natural);
      expect(findings.map(({ scenario }) => scenario).toSorted()).toEqual(
        natural.map((part) => ("scenario" in part ? part.scenario : "")).toSorted(),
      );
      expect(findings.filter(({ passed, failed }) => passed === 0 || failed.length > 0)).toEqual([]);
    } finally {
      await served.stop();
    }
  });

  it("fails a server that is broken on purpose", async () => {
    const engine = fakeEngine();
    const url = await serve(
      (confirmations) => {
        const parts = { engine, version: "0.0.0", reportFault: () => undefined };
        const server = createServer(parts, confirmations);
        // Neither a description nor a schema, and an answer where an error belongs.
        server.server.setRequestHandler("tools/list", async () => ({
          tools: [{ name: "", inputSchema: { type: "object" } }],
        }));
        server.server.setRequestHandler("prompts/get", async () => ({ messages: [] }));
        return server;
      },
      { strangers: { hosts: ["evil.example.com"], origins: ["http://evil.example.com"] } },
    );
    const scenarios = ["tools-list", "prompts-get-simple", "dns-rebinding-protection"];
    const findings = await runSuite(
      { url, token },
      scenarios.map((scenario) => ({ scenario, version: "2025-11-25" as const })),
    );
    expect(
      findings
        .filter(({ failed }) => failed.length > 0)
        .map(({ scenario }) => scenario)
        .toSorted(),
    ).toEqual(scenarios.toSorted());
  });
});
