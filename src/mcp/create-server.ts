import { McpServer } from "@modelcontextprotocol/server";
import type { Engine } from "../engine/index.ts";
import type { ReportFault } from "../error-answer.ts";
import { tools } from "../tools/index.ts";
import type { Confirmations } from "./confirmation.ts";
import { instructions } from "./instructions.ts";
import { registerPrompts } from "./prompts.ts";
import { registerTool } from "./register-tool.ts";

/** What a server is made of; it holds no transport and touches neither network nor database. */
export interface ServerParts {
  readonly engine: Engine;
  /** The program's version. */
  readonly version: string;
  readonly reportFault: ReportFault;
}

/** The definitions change with the program's version only; clients may keep the list for five minutes. */
const listTtlMs = 5 * 60 * 1000;

/** One server for one connection or one request, with what they share; both transports and the tests make theirs here. */
export function createServer(
  { engine, version, reportFault }: ServerParts,
  confirmations: Confirmations,
): McpServer {
  const server = new McpServer(
    { name: "godwit", title: "Godwit", version },
    {
      instructions,
      requestState: { verify: confirmations.verify },
      capabilities: { tools: { listChanged: false }, prompts: { listChanged: false } },
      cacheHints: {
        "tools/list": { ttlMs: listTtlMs, cacheScope: "private" },
        "prompts/list": { ttlMs: listTtlMs, cacheScope: "private" },
      },
    },
  );
  for (const tool of tools) registerTool(server, tool, { engine, reportFault, confirmations });
  registerPrompts(server);
  return server;
}
