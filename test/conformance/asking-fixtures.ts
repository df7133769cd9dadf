import { randomUUID } from "node:crypto";
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type InputRequests,
  type InputRequiredResult,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as z from "zod";

const none = z.object({});
const said = (text: string) => ({ content: [{ type: "text" as const, text }] });
const stateShape = z.object({ round: z.number(), name: z.string() }).partial();

const capabilities = z
  .object({ elicitation: z.unknown(), sampling: z.unknown(), roots: z.unknown() })
  .partial();

type Codec = RequestStateCodec<Record<string, unknown>>;
type Answer = ReturnType<typeof said> | InputRequiredResult;

/** What the suite asks for by name to see a server ask its client. */
export function mountAsking(server: McpServer, codec: Codec): void {
  mountDirectQuestions(server);
  const tool = (name: string, run: (ctx: ServerContext) => Answer | Promise<Answer>): void => {
    server.registerTool(name, { description: "Fixture", inputSchema: none }, async (_, ctx) => run(ctx));
  };
  tool("test_missing_capability", (ctx) =>
    ctx.mcpReq.inputResponses?.["answer"] === undefined
      ? inputRequired({ inputRequests: { answer: sample("Reply with the single word: pong") } })
      : said("done"),
  );
  tool("test_input_required_result_elicitation", (ctx) => {
    const name = nameIn(ctx);
    return name === undefined
      ? inputRequired({ inputRequests: { user_name: askText("What is your name?", "name") } })
      : said(`Hello, ${name}!`);
  });
  tool("test_input_required_result_sampling", (ctx) => {
    const response = ctx.mcpReq.inputResponses?.["capital_question"];
    return response === undefined
      ? inputRequired({ inputRequests: { capital_question: sample("What is the capital of France?") } })
      : said(`Sampling response: ${JSON.stringify(response)}`);
  });
  tool("test_input_required_result_list_roots", (ctx) => {
    const response = ctx.mcpReq.inputResponses?.["client_roots"];
    return response === undefined
      ? inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
      : said(`Client exposed roots: ${JSON.stringify(response)}`);
  });
  for (const name of ["request_state", "tampered_state"])
    tool(`test_input_required_result_${name}`, async (ctx) => {
      const isConfirmed = acceptedContent(ctx.mcpReq.inputResponses, "confirm") !== undefined;
      if (isConfirmed && ctx.mcpReq.requestState() !== undefined) return said("state-ok: integrity-ok");
      const requestState = await codec.mint({ name, nonce: randomUUID() });
      return inputRequired({ inputRequests: { confirm: askYes() }, requestState });
    });
  tool("test_input_required_result_multiple_inputs", async (ctx) => {
    if (nameIn(ctx) !== undefined) return said("all three were answered");
    const requestState = await codec.mint({ nonce: randomUUID() });
    return inputRequired({ inputRequests: allThree(), requestState });
  });
  tool("test_input_required_result_multi_round", (ctx) => nextRound(ctx, codec));
  tool("test_input_required_result_capabilities", (ctx) => {
    if (ctx.mcpReq.inputResponses !== undefined) return said("answered");
    const envelope: Readonly<Record<string, unknown>> = ctx.mcpReq.envelope ?? {};
    const declared = capabilities.parse(envelope[CLIENT_CAPABILITIES_META_KEY] ?? {});
    const { user_name, greeting, client_roots } = allThree();
    const inputRequests: InputRequests = {
      ...(declared?.elicitation === undefined ? {} : { user_name }),
      ...(declared?.sampling === undefined ? {} : { greeting }),
      ...(declared?.roots === undefined ? {} : { client_roots }),
    };
    return Object.keys(inputRequests).length === 0
      ? said("nothing can be asked")
      : inputRequired({ inputRequests });
  });
  mountAskingPrompt(server);
}

function mountAskingPrompt(server: McpServer): void {
  server.registerPrompt(
    "test_input_required_result_prompt",
    { description: "Fixture", argsSchema: none },
    async (_, ctx) => {
      const given = acceptedContent<{ context: string }>(ctx.mcpReq.inputResponses, "user_context");
      if (given === undefined)
        return inputRequired({ inputRequests: { user_context: askText("Which context?", "context") } });
      return { messages: [{ role: "user", content: { type: "text", text: `Use: ${given.context}` } }] };
    },
  );
}

function nameIn(ctx: ServerContext): string | undefined {
  const name = acceptedContent<{ name: unknown }>(ctx.mcpReq.inputResponses, "user_name")?.name;
  return typeof name === "string" ? name : undefined;
}

async function nextRound(ctx: ServerContext, codec: Codec): Promise<Answer> {
  const { round = 0, name } = stateShape.safeParse(ctx.mcpReq.requestState()).data ?? {};
  const answer = (key: string) =>
    acceptedContent<Record<string, string>>(ctx.mcpReq.inputResponses, key) ?? {};
  if (round === 0) {
    const requestState = await codec.mint({ round: 1, nonce: randomUUID() });
    return inputRequired({ inputRequests: { step1: askText("Your name?", "name") }, requestState });
  }
  if (round === 1) {
    const requestState = await codec.mint({ round: 2, name: answer("step1")["name"], nonce: randomUUID() });
    return inputRequired({ inputRequests: { step2: askText("Your colour?", "color") }, requestState });
  }
  return said(`${name} likes ${answer("step2")["color"]}`);
}

function allThree() {
  return {
    user_name: askText("What is your name?", "name"),
    greeting: sample("Generate a greeting"),
    client_roots: inputRequired.listRoots(),
  };
}

function askText(message: string, field: string) {
  return inputRequired.elicit({
    message,
    requestedSchema: { type: "object", properties: { [field]: { type: "string" } }, required: [field] },
  });
}

function askYes() {
  return inputRequired.elicit({
    message: "Please confirm",
    requestedSchema: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] },
  });
}

function sample(text: string) {
  return inputRequired.createMessage({
    messages: [{ role: "user", content: { type: "text", text } }],
    maxTokens: 50,
  });
}

const primitives = {
  name: { type: "string", default: "John Doe" },
  age: { type: "integer", default: 30 },
  score: { type: "number", default: 95.5 },
  status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
  verified: { type: "boolean", default: true },
} as const;

const titled = [
  { const: "value1", title: "First Option" },
  { const: "value2", title: "Second Option" },
];
const choices = {
  untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
  titledSingle: { type: "string", oneOf: titled },
  legacyEnum: { type: "string", enum: ["opt1", "opt2"], enumNames: ["Option One", "Option Two"] },
  untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2"] } },
  titledMulti: { type: "array", items: { anyOf: titled } },
} satisfies Record<string, object>;

/** In 2025 a server asks by a request of its own in the middle of the call. */
function mountDirectQuestions(server: McpServer): void {
  server.registerTool(
    "test_sampling",
    { description: "Fixture", inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, ctx) => {
      const messages = [{ role: "user" as const, content: { type: "text" as const, text: prompt } }];
      const params = { messages, maxTokens: 100 };
      const answer = await ctx.mcpReq.send({ method: "sampling/createMessage", params });
      return said(`LLM response: ${JSON.stringify(answer)}`);
    },
  );
  const elicit = (name: string, properties: object): void => {
    server.registerTool(
      name,
      { description: "Fixture", inputSchema: z.object({ message: z.string().optional() }) },
      async ({ message = "Please fill in" }, ctx) => {
        const requestedSchema = { type: "object" as const, properties: { ...properties }, required: [] };
        const params = { message, requestedSchema };
        const { action, content } = await ctx.mcpReq.send({ method: "elicitation/create", params });
        return said(`action=${action}, content=${JSON.stringify(content ?? {})}`);
      },
    );
  };
  elicit("test_elicitation", { response: { type: "string" } });
  elicit("test_elicitation_sep1034_defaults", primitives);
  elicit("test_elicitation_sep1330_enums", choices);
}
