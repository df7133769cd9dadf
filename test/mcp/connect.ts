import { randomBytes } from "node:crypto";
import { Client as ModernClient, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createMcpHandler, InMemoryTransport } from "@modelcontextprotocol/server";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { createConfirmations } from "../../src/mcp/confirmation.ts";
import { createServer } from "../../src/mcp/create-server.ts";
import type { Engine } from "../../src/engine/index.ts";
import type { Fault } from "../../src/error-answer.ts";

/** What a tool call answered, whichever client asked. */
export interface CallResult {
  readonly isError?: boolean | undefined;
  readonly structuredContent?: unknown;
  readonly content: unknown;
}

export interface CallOptions {
  readonly onProgress?: (progress: { readonly progress: number }) => void;
  readonly signal?: AbortSignal;
}

/** A client connected to a server that serves the given engine. */
export interface Connected {
  readonly call: (name: string, args: object, options?: CallOptions) => Promise<CallResult>;
  readonly listTools: () => Promise<readonly { readonly name: string }[]>;
  readonly listPrompts: () => Promise<readonly { readonly name: string }[]>;
  /** The text of a prompt's only message. */
  readonly getPrompt: (name: string, args: Readonly<Record<string, string>>) => Promise<string>;
  readonly complete: (prompt: string, argument: string, value: string) => Promise<readonly string[]>;
  readonly instructions: () => string | undefined;
  readonly faults: readonly Fault[];
  readonly close: () => Promise<void>;
}

export const eras = ["2026", "2025"] as const;
export type Era = (typeof eras)[number];

/** What a person says to a question. */
export type PersonAnswer = (message: string) => "accept" | "decline" | "cancel" | { readonly typed: string };

function toElicitResult(answer: ReturnType<PersonAnswer>): {
  action: "accept" | "decline" | "cancel";
  content?: { target: string };
} {
  return typeof answer === "string"
    ? { action: answer }
    : { action: "accept", content: { target: answer.typed } };
}

/** Connects a client of that era, in this process: 2026 by the HTTP handler, 2025 by the older SDK's client in memory. */
export function connectInProcess(era: Era, engine: Engine, person?: PersonAnswer): Promise<Connected> {
  return era === "2026" ? connectModern(engine, person) : connectOlder(engine, person);
}

async function connectModern(engine: Engine, person: PersonAnswer | undefined): Promise<Connected> {
  const faults: Fault[] = [];
  const confirmations = createConfirmations(randomBytes(32));
  const handler = createMcpHandler(() => createServer(partsOf(engine, faults), confirmations));
  const client = new ModernClient(
    { name: "probe", version: "26" },
    { versionNegotiation: { mode: "auto" }, ...capabilitiesOf(person) },
  );
  if (person !== undefined)
    client.setRequestHandler("elicitation/create", (request) =>
      toElicitResult(person(request.params.message)),
    );
  const fetch = async (url: string | URL, init?: RequestInit): Promise<Response> =>
    handler.fetch(new Request(url, init));
  await client.connect(new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch }));
  return {
    call: async (name, args, options) =>
      client.callTool({ name, arguments: { ...args } }, toRequestOptions(options)),
    listTools: async () => (await client.listTools()).tools,
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args) => textOf((await client.getPrompt({ name, arguments: args })).messages),
    complete: async (prompt, name, value) =>
      (await client.complete({ ref: { type: "ref/prompt", name: prompt }, argument: { name, value } }))
        .completion.values,
    instructions: () => client.getInstructions(),
    faults,
    close: async () => {
      await client.close();
      await handler.close();
    },
  };
}

async function connectOlder(engine: Engine, person: PersonAnswer | undefined): Promise<Connected> {
  const faults: Fault[] = [];
  const server = createServer(partsOf(engine, faults), createConfirmations(randomBytes(32)));
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new OlderClient({ name: "probe", version: "25" }, capabilitiesOf(person));
  if (person !== undefined)
    client.setRequestHandler(ElicitRequestSchema, (request) =>
      toElicitResult(person(request.params.message)),
    );
  await server.connect(far);
  await client.connect(near);
  return {
    call: async (name, args, options) => {
      const result = await client.callTool(
        { name, arguments: { ...args } },
        undefined,
        toRequestOptions(options),
      );
      return { ...result, content: result["content"] };
    },
    listTools: async () => (await client.listTools()).tools,
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args) => textOf((await client.getPrompt({ name, arguments: args })).messages),
    complete: async (prompt, name, value) =>
      (await client.complete({ ref: { type: "ref/prompt", name: prompt }, argument: { name, value } }))
        .completion.values,
    instructions: () => client.getInstructions(),
    faults,
    close: async () => {
      await client.close();
    },
  };
}

function textOf(
  messages: readonly { readonly content: { readonly type: string; readonly text?: string } }[],
): string {
  return messages.map(({ content }) => content.text ?? "").join("\n");
}

/** Claude Code declares a bare `elicitation: {}` in both eras. */
function capabilitiesOf(person: PersonAnswer | undefined): {
  capabilities?: { elicitation: Record<string, never> };
} {
  return person === undefined ? {} : { capabilities: { elicitation: {} } };
}

function toRequestOptions(options: CallOptions | undefined): object {
  return {
    ...(options?.onProgress === undefined ? {} : { onprogress: options.onProgress }),
    ...(options?.signal === undefined ? {} : { signal: options.signal }),
  };
}

function partsOf(engine: Engine, faults: Fault[]): Parameters<typeof createServer>[0] {
  return { engine, version: "0.0.0", reportFault: (fault) => faults.push(fault) };
}
