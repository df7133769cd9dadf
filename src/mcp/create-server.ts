import { McpServer } from "@modelcontextprotocol/server";
import type { Engine } from "../engine/index.ts";
import type { ReportFault } from "../error-answer.ts";
import { tools, type Targets } from "../tools/index.ts";
import type { Confirmations } from "./confirmation.ts";
import { instructionsFor } from "./instructions.ts";
import { registerPrompts } from "./prompts.ts";
import { registerTool } from "./register-tool.ts";

/** What a server is made of; it holds no transport and touches neither network nor database. */
export interface ServerParts {
  readonly engine: Engine;
  /** The program's version. */
  readonly version: string;
  readonly reportFault: ReportFault;
  /** The labels that callers can choose targets by, listed for people; absent where there is one target. */
  readonly targets?: string;
}

/** The definitions change with the program's version only; clients may keep the list for five minutes. */
const listTtlMs = 5 * 60 * 1000;

/** One server for one connection or one request, with what they share; both transports and the tests make theirs here. */
export function createServer(
  { engine, version, reportFault, targets = "" }: ServerParts,
  confirmations: Confirmations,
): McpServer {
  const server = new McpServer(
    { name: "godwit", title: "Godwit", version },
    {
      instructions: instructionsFor(targets),
      requestState: { verify: confirmations.verify },
      capabilities: { tools: { listChanged: false }, prompts: { listChanged: false } },
      cacheHints: {
        "tools/list": { ttlMs: listTtlMs, cacheScope: "private" },
        "prompts/list": { ttlMs: listTtlMs, cacheScope: "private" },
      },
    },
  );
  const surroundings = { engine, reportFault, confirmations, targets: kindOf(targets) };
  for (const tool of tools) registerTool(server, tool, surroundings);
  registerPrompts(server);
  return server;
}

function kindOf(targets: string): Targets {
  return targets === "" ? "one" : "labelled";
}
