import {
  CLIENT_INFO_META_KEY,
  type CallToolResult,
  type McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import type { CallContext, Engine, EngineEvent } from "../engine/index.ts";
import { toToolSchemas, type Targets, type Tool } from "../tools/index.ts";
import { toErrorAnswer, type ReportFault } from "../error-answer.ts";
import { assertScope, callerOf, scopeChallenge } from "./caller.ts";
import { canAskPerson, questionOf, type Confirmations } from "./confirmation.ts";
import { describeProgress } from "./progress.ts";

const clientInfo = z.object({ name: z.string(), version: z.string() });

/** What every tool of one server shares. */
export interface ToolSurroundings {
  readonly engine: Engine;
  readonly reportFault: ReportFault;
  readonly confirmations: Confirmations;
  readonly targets: Targets;
}

/** Registers one tool: validates, runs, answers structured, and is the one place where a thrown error becomes an answer. */
export function registerTool(
  server: McpServer,
  tool: Tool,
  { engine, reportFault, confirmations, targets }: ToolSurroundings,
): void {
  const { name, title, description, annotations } = tool;
  const inputSchema = advertise(() => toToolSchemas(tool, targets).input);
  const outputSchema = advertise(() => toToolSchemas(tool, targets).output);
  server.registerTool(
    name,
    {
      title,
      description,
      annotations: { ...annotations },
      inputSchema,
      outputSchema,
      scopeChallenge: scopeChallenge(tool),
    },
    async (args, ctx) => {
      try {
        const caller = callerOf(ctx);
        caller?.heard(name);
        assertScope(caller, tool, args);
        const call = { tool, args, ctx };
        const approval = confirmations.readApproval(call);
        const context = toCallContext(server, ctx);
        const { report } = await tool.run(engine, args, {
          ...context,
          ...approval,
        });
        const question = context.canAskPerson === true ? questionOf(report) : undefined;
        return question === undefined ? toResult(report) : await confirmations.ask(call, question);
      } catch (thrown) {
        return { ...toResult(toErrorAnswer(thrown, name, reportFault)), isError: true };
      }
    },
  );
}

/**
 * A schema that the SDK shows and does not check: arguments are checked by the tool, whose errors have code and hint,
 * and a report is not checked, because an apply that happened must never be answered as an error.
 */
function advertise(toJsonSchema: () => object): StandardSchemaWithJSON {
  const asRecord = () => ({ ...toJsonSchema() });
  return {
    "~standard": {
      version: 1,
      vendor: "godwit",
      validate: (value) => ({ value }),
      jsonSchema: { input: asRecord, output: asRecord },
    },
  };
}

/** Clients show the model either the structured content or the text, never both: they are equal. */
function toResult(report: object): CallToolResult {
  return { structuredContent: { ...report }, content: [{ type: "text", text: JSON.stringify(report) }] };
}

function toCallContext(server: McpServer, ctx: ServerContext): CallContext {
  const appliedBy = describeApplier(server, ctx);
  const observe = progressObserver(ctx);
  const mayReach = callerOf(ctx)?.principal.targets;
  return {
    ...(mayReach === undefined ? {} : { mayReach }),
    signal: ctx.mcpReq.signal,
    canAskPerson: canAskPerson(server, ctx),
    ...(appliedBy === undefined ? {} : { appliedBy }),
    ...(observe === undefined ? {} : { observe }),
  };
}

/** Who called, where several may, and by which client. */
function describeApplier(server: McpServer, ctx: ServerContext): string | undefined {
  const client = describeClient(server, ctx);
  const name = callerOf(ctx)?.principal.name;
  return name === undefined || client === undefined ? (name ?? client) : `${name} via ${client}`;
}

/** The client's name and version as it says them: of the request (2026), else of the connection (2025). */
function describeClient(server: McpServer, ctx: ServerContext): string | undefined {
  const envelope: Readonly<Record<string, unknown>> = ctx.mcpReq.envelope ?? {};
  const ofRequest = clientInfo.safeParse(envelope[CLIENT_INFO_META_KEY]);
  const client = ofRequest.success ? ofRequest.data : server.server.getClientVersion();
  if (client === undefined) return undefined;
  return `${client.name} ${client.version}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
}

/** Progress is sent only where the client asked for it, and only ever increases. */
function progressObserver(ctx: ServerContext): ((event: EngineEvent) => void) | undefined {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let progress = 0;
  return (event) => {
    const message = describeProgress(event);
    if (message === undefined) return;
    progress += 1;
    const params = { progressToken, progress, message };
    // A client that has gone away must not fail the work: its signal ends it.
    ctx.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}
