import * as z from "zod";
import { EngineError, type CallContext, type Engine } from "../engine/index.ts";
import { describeNearest } from "../nearest-match.ts";

// Compiling each schema to code takes longer at the start than the few calls of a session give back.
z.config({ jitless: true });

/** Hints for clients; all four are always given, because the protocol's defaults are the worst case. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** One tool as its file writes it: what the model sees, and one call of the engine. */
export interface ToolDefinition<
  Input extends z.ZodObject,
  CommandInput extends z.ZodObject,
  Output extends z.ZodObject,
> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: Input;
  /** What the command of the same name takes, where that is more than what agents may send. */
  readonly commandInput?: CommandInput;
  /** The argument that the command takes without a flag. */
  readonly positional?: keyof z.output<Input> & string;
  readonly output: Output;
  /** True where the answer is one that a CI job must not pass over: drift, an error finding, a failed step. */
  readonly isUnwelcome: (report: z.input<Output>) => boolean;
  readonly run: (
    engine: Engine,
    input: z.output<Input> | z.output<CommandInput>,
    context: CallContext,
  ) => Promise<z.input<Output>>;
  /** What the command does instead for arguments that only it takes; undefined where it does the same. */
  readonly runInstead?: (
    engine: Engine,
    input: z.output<CommandInput>,
    context: CallContext,
  ) => Promise<ToolAnswer> | undefined;
}

/** A tool's answer, and whether a CI job must not pass over it. */
export interface ToolAnswer {
  readonly report: object;
  readonly isUnwelcome: boolean;
  /** A report in a form of its own is printed as JSON whether or not --json asks for it. */
  readonly form?: "document";
  /** What the command prints instead of the report, unless --json asks for that. */
  readonly text?: string;
}

/** One tool as the server and the command line use it: whatever its types, it takes unknown arguments. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: z.ZodObject;
  readonly commandInput: z.ZodObject;
  readonly positional?: string;
  readonly output: z.ZodObject;
  /** Validates and runs. Throws `invalid_input` naming every argument that is wrong. */
  readonly run: (engine: Engine, args: unknown, context: CallContext) => Promise<ToolAnswer>;
  /** The same for the arguments of the command. */
  readonly runCommand: (engine: Engine, args: unknown, context: CallContext) => Promise<ToolAnswer>;
}

/** Every tool takes it; agents know it from Supabase's own server. Where several targets have labels, `target` is shown in its place. */
export const projectId = z.string().min(1).exactOptional();

/** The label of another target than the one that is worked on; shown only where several targets have labels. */
export const otherTarget = z.string().exactOptional();

/** Makes a tool out of its definition. */
export function defineTool<
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  CommandInput extends z.ZodObject = Input,
>(definition: ToolDefinition<Input, CommandInput, Output>): Tool {
  const { name, title, description, annotations, input, output, positional } = definition;
  const commandInput = definition.commandInput ?? input;
  const answer = async (
    engine: Engine,
    { parsed, context }: ReadCall<z.output<Input> | z.output<CommandInput>>,
  ) => {
    const report = await definition.run(engine, parsed, context);
    return { report, isUnwelcome: definition.isUnwelcome(report) };
  };
  return {
    name,
    title,
    description,
    annotations,
    input,
    commandInput,
    ...(positional === undefined ? {} : { positional }),
    output,
    run: async (engine, args, context) => answer(engine, readCall(name, input, { args, context })),
    runCommand: async (engine, args, context) => {
      const instead = runOwn(definition, engine, { args, context });
      return instead ?? answer(engine, readCall(name, commandInput, { args, context }));
    },
  };
}

/** What the command does instead, where its own arguments ask for it. */
function runOwn<Input extends z.ZodObject, CommandInput extends z.ZodObject, Output extends z.ZodObject>(
  { name, commandInput, runInstead }: ToolDefinition<Input, CommandInput, Output>,
  engine: Engine,
  given: GivenCall,
): Promise<ToolAnswer> | undefined {
  if (commandInput === undefined || runInstead === undefined) return undefined;
  const { parsed, context } = readCall(name, commandInput, given);
  return runInstead(engine, parsed, context);
}

interface GivenCall {
  readonly args: unknown;
  readonly context: CallContext;
}

interface ReadCall<Parsed> {
  readonly parsed: Parsed;
  /** With the target and the project that the arguments name. */
  readonly context: CallContext;
}

/** Every tool takes the label of a target beside its own arguments. */
function readCall<Input extends z.ZodObject>(
  tool: string,
  input: Input,
  { args, context }: GivenCall,
): ReadCall<z.output<Input>> {
  const { target, own } = takeTarget(tool, withoutNulls(args));
  const parsed = parseArguments(tool, input, own);
  const project: unknown = Reflect.get(parsed, "project_id");
  return {
    parsed,
    context: {
      ...context,
      ...(target === undefined ? {} : { target }),
      ...(typeof project === "string" ? { projectId: project } : {}),
    },
  };
}

function takeTarget(
  tool: string,
  args: unknown,
): { readonly target: string | undefined; readonly own: unknown } {
  if (typeof args !== "object" || args === null || !("target" in args))
    return { target: undefined, own: args };
  const { target, ...own } = args;
  if (typeof target === "string" && target !== "") return { target, own };
  throw new EngineError("invalid_input", `${tool}: target: is not the label of a target.`);
}

function parseArguments<Input extends z.ZodObject>(
  tool: string,
  input: Input,
  args: unknown,
): z.output<Input> {
  const result = input.safeParse(args);
  if (result.success) return result.data;
  const known = Object.keys(input.shape);
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, known));
  throw new EngineError("invalid_input", `${tool}: ${problems.join(" ")}`);
}

/** An argument that is null counts as absent: several clients send every argument that they know. */
function withoutNulls(args: unknown): unknown {
  if (args === undefined) return {};
  if (typeof args !== "object" || args === null || Array.isArray(args)) return args;
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}

function describeIssue(issue: z.core.$ZodIssue, known: readonly string[]): readonly string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => describeUnknown(key, known));
  const path = issue.path.join(".");
  return [path === "" ? `${issue.message}.` : `${path}: ${issue.message}.`];
}

function describeUnknown(key: string, known: readonly string[]): string {
  const shown = JSON.stringify(key.slice(0, 60));
  const offer = describeNearest(key, known);
  return offer === ""
    ? `Unknown argument ${shown}; it takes ${known.join(", ")}.`
    : `Unknown argument ${shown}${offer}`;
}
