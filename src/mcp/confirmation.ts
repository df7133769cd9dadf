import { createHash, randomUUID } from "node:crypto";
import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import { EngineError, type CallContext } from "../engine/index.ts";
import type { Tool } from "../tools/index.ts";

/** What travels with a question and comes back with its answer; signed, so that the client cannot change it. */
const stateShape = z.object({
  tool: z.string(),
  args: z.string(),
  planId: z.string(),
  /** For a change of production: the label that the person has to type. */
  typed: z.string().exactOptional(),
  nonce: z.string(),
});
type State = z.output<typeof stateShape>;

/** A person's yes. */
export type Approval = Required<Pick<CallContext, "approvedPlan" | "answerId">>;

/** A call of a tool, as far as a question about it is bound to it. */
export interface AskedCall {
  readonly tool: Tool;
  readonly args: unknown;
  readonly ctx: ServerContext;
}

/** Asks persons, through their clients, whether what destroys something may go ahead. One for all connections of a server. */
export interface Confirmations {
  /** Goes into the server's options: refuses state that this server did not sign, for this caller, in the last ten minutes. */
  readonly verify: (state: string, ctx: ServerContext) => Promise<unknown>;
  /** The plan that the person said yes to in answer to this very call; undefined where nobody was asked. Throws `not_confirmed`. */
  readonly readApproval: (call: AskedCall) => Approval | undefined;
  /** The question that a report asks, for a client that can put it to its person. */
  readonly ask: (call: AskedCall, question: Question) => Promise<InputRequiredResult>;
}

const questionShape = z.object({
  status: z.literal("confirmation_required"),
  plan_id: z.string(),
  summary: z.string(),
  target: z.string(),
  confirm_target: z.string().exactOptional(),
});
type Question = z.output<typeof questionShape>;

const stateSeconds = 600;
const longestMessage = 4000;
/** Answers that have been used here; what may be used once among several servers is noted in the database (decision 0072). Older ones have expired before they fall out at any human pace. */
const mostUsed = 10_000;

/** `key` signs the state: 32 bytes or more, the same for every replica that may get the answer. */
export function createConfirmations(key: Uint8Array): Confirmations {
  const codec = createRequestStateCodec<State>({
    key,
    ttlSeconds: stateSeconds,
    bind: (ctx) => `${ctx.mcpReq.method}\0${ctx.http?.authInfo?.clientId ?? ""}`,
  });
  const used = new Set<string>();
  return {
    verify: (state, ctx) => codec.verify(state, ctx),
    readApproval: (call) => {
      const state = stateShape.safeParse(call.ctx.mcpReq.requestState()).data;
      // Without verified state nobody was asked, whatever answers the call carries.
      if (state === undefined) return undefined;
      const response = inputResponse(call.ctx.mcpReq.inputResponses, answerKey);
      if (response.kind !== "elicit") return undefined;
      assertSameCall(state, call);
      if (response.action !== "accept") throw declined(response.action);
      assertTyped(state, response.content);
      if (used.has(state.nonce)) throw new EngineError("not_confirmed", "This answer was used before.");
      if (used.size >= mostUsed) used.delete([...used][0] ?? "");
      used.add(state.nonce);
      return { approvedPlan: state.planId, answerId: state.nonce };
    },
    ask: async ({ tool, args, ctx }, { plan_id: planId, summary, target, confirm_target: typed }) => {
      const named = typed === undefined ? {} : { typed };
      const state = { tool: tool.name, args: digest(args), planId, ...named, nonce: randomUUID() };
      const message = `${summary} Target: ${target}. Accept to go ahead; decline to leave everything as it is.`;
      return inputRequired({
        inputRequests: {
          [answerKey]: inputRequired.elicit({
            message: message.slice(0, longestMessage),
            requestedSchema: formFor(typed),
          }),
        },
        requestState: await codec.mint(state, ctx),
      });
    },
  };
}

const answerKey = "confirm";
const typedKey = "target";

/** A change of production is confirmed by typing its label, so that nobody takes it for another target. */
function formFor(typed: string | undefined): ElicitForm {
  if (typed === undefined) return { type: "object", properties: {} };
  const title = `Type ${typed} to change production`;
  return { type: "object", properties: { [typedKey]: { type: "string", title } }, required: [typedKey] };
}

type ElicitForm = Parameters<typeof inputRequired.elicit>[0]["requestedSchema"];

function assertTyped({ typed }: State, content: Readonly<Record<string, unknown>> | undefined): void {
  const given = content?.[typedKey];
  if (typed === undefined || (typeof given === "string" && given.trim() === typed)) return;
  throw new EngineError("not_confirmed", `The person did not type ${typed}. Nothing more was changed.`);
}

/** The question in a report, where it asks one. */
export function questionOf(report: object): Question | undefined {
  return questionShape.safeParse(report).data;
}

/** True where the client says that it can show its person a form: of the request (2026), else of the connection (2025). */
export function canAskPerson(server: McpServer, ctx: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = ctx.mcpReq.envelope ?? {};
  const capabilities = envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
  const elicitation = capabilityShape.safeParse(capabilities).data?.elicitation;
  if (elicitation === undefined) return false;
  return elicitation.form !== undefined || elicitation.url === undefined;
}

const capabilityShape = z.object({
  elicitation: z.object({ form: z.unknown(), url: z.unknown() }).partial().optional(),
});

function assertSameCall(state: State, { tool, args }: AskedCall): void {
  if (state.tool === tool.name && state.args === digest(args)) return;
  throw new EngineError("not_confirmed", "This answer belongs to another call than the one it came with.");
}

function declined(action: "decline" | "cancel"): EngineError {
  const fact =
    action === "decline" ? "The person who was asked declined." : "The question was closed unanswered.";
  return new EngineError("not_confirmed", `${fact} Nothing more was changed.`);
}

function digest(args: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(args)) ?? "")
    .digest("hex");
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
