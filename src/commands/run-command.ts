import type { FlagValues } from "../config/command-line.ts";
import { EngineError, type CallContext, type Engine } from "../engine/index.ts";
import { toErrorAnswer, type ErrorAnswer, type ReportFault } from "../error-answer.ts";
import type { ToolAnswer } from "../tools/index.ts";
import type { Command } from "./command-specs.ts";
import { exitCodeOfAnswer, exitCodeOfError, type ExitCode } from "./exit-code.ts";
import { isSwitchedOn, readArguments, type SqlSources } from "./read-arguments.ts";
import { renderError } from "./render-error.ts";
import { renderReport } from "./render-report.ts";
import { anyWidth } from "./render-text.ts";

/** What a person reads answers on. */
export interface Screen {
  /** In characters. */
  readonly width: number;
  /** A text of ours with colours, or as it is. */
  readonly paint: (text: string) => string;
}

/** A stream or a file: lines as long as they are, and no colours. */
const noScreen: Screen = { width: anyWidth, paint: (text) => text };

/** What a command is given instead of the process. */
export interface CommandSurroundings extends SqlSources {
  readonly engine: Engine;
  readonly context: CallContext;
  readonly reportFault: ReportFault;
  /** Puts a question to the person at the terminal; absent where there is none. */
  readonly askPerson?: (question: string) => Promise<string>;
  /** Where a person reads it; absent where what is written goes elsewhere. */
  readonly screen?: Screen;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** Runs one command and prints its answer: with --json one document on stdout whatever happens, else text for people. */
export async function runCommand(
  command: Command,
  values: FlagValues,
  surroundings: CommandSurroundings,
): Promise<ExitCode> {
  const { engine, context, reportFault, screen = noScreen, writeOut } = surroundings;
  try {
    const args = await readArguments(command, values, surroundings);
    const isJson = isSwitchedOn(values, "json");
    const ask = isJson ? undefined : surroundings.askPerson;
    const run = (call: CallContext) => command.tool.runCommand(engine, args, call);
    const answer = await runAsking({ run, ask, screen, writeOut }, context);
    const isDocument = isJson || answer.form === "document";
    writeOut(isDocument ? toDocument(answer.report) : (answer.text ?? show(answer.report, screen)));
    return exitCodeOfAnswer(answer);
  } catch (thrown) {
    const code = printError(
      toErrorAnswer(thrown, command.name, reportFault),
      wantsJson(values),
      surroundings,
    );
    return isComparison(values) ? comparisonFailed : code;
  }
}

interface AskedRun {
  readonly run: (call: CallContext) => Promise<ToolAnswer>;
  readonly ask: CommandSurroundings["askPerson"];
  readonly screen: Screen;
  readonly writeOut: CommandSurroundings["writeOut"];
}

/** Puts the questions of a run to the person, one after the other: what a migration really did is known only once it ran. */
async function runAsking(asked: AskedRun, call: CallContext): Promise<ToolAnswer> {
  const answer = await asked.run(call);
  const approvedPlan = await askForPlan(answer.report, asked);
  return approvedPlan === undefined ? answer : runAsking(asked, { ...call, approvedPlan });
}

/** Shows a report that asks for a confirmation, or a plan that waits for one, and asks; the plan where the person says yes. Throws `not_confirmed`. */
async function askForPlan(
  report: object,
  { ask, screen, writeOut }: Pick<AskedRun, "ask" | "screen" | "writeOut">,
): Promise<string | undefined> {
  const status = "status" in report ? report.status : undefined;
  const isAsking = status === "confirmation_required" || status === "planned";
  if (ask === undefined || !isAsking) return undefined;
  const planId = "plan_id" in report ? String(report.plan_id) : "";
  writeOut(show({ ...report, next_steps: [] }, screen));
  const label = "confirm_target" in report ? String(report.confirm_target) : undefined;
  const answer = await ask(
    label === undefined ? "\nGo ahead? [y/N] " : `\nType ${label} to change production: `,
  );
  if (label === undefined ? /^\s*y(?:es)?\s*$/i.test(answer) : answer.trim() === label) return planId;
  const yes = label === undefined ? "answer y" : `type ${label}`;
  const named = label === undefined ? "" : ` --target ${label}`;
  throw new EngineError("not_confirmed", "Not confirmed. Nothing more was changed.", {
    hint: `Run it again and ${yes}, or pass${named} --confirm ${planId}.`,
  });
}

/** Two databases are compared with diff's exit codes: 0 equal, 1 different, 2 trouble of any kind. */
const comparisonFailed = 2;

function isComparison(values: FlagValues): boolean {
  return values.has("against-url") || values.has("against");
}

/** Prints an error where the caller looks for it: on stdout as JSON, else as text on stderr. */
export function printError(
  answer: ErrorAnswer,
  form: "json" | "text",
  {
    screen = noScreen,
    writeOut,
    writeError,
  }: Pick<CommandSurroundings, "screen" | "writeOut" | "writeError">,
): ExitCode {
  if (form === "json") writeOut(toDocument(answer));
  else writeError(screen.paint(renderError(answer, screen.width)));
  return exitCodeOfError(answer.error.code);
}

/** True form of the answer even where the command line itself is wrong: --json counts wherever it stands. */
export function wantsJson(values: FlagValues): "json" | "text" {
  return values.has("json") && values.get("json")?.[0] !== "false" ? "json" : "text";
}

function show(report: object, { width, paint }: Screen): string {
  return paint(renderReport(report, width));
}

function toDocument(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
