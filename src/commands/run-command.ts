import type { FlagValues } from "../command-line.ts";
import type { CallContext, Engine } from "../engine/index.ts";
import { toErrorAnswer, type ErrorAnswer, type ReportFault } from "../error-answer.ts";
import type { Command } from "./command-specs.ts";
import { exitCodeOfAnswer, exitCodeOfError, type ExitCode } from "./exit-code.ts";
import { isSwitchedOn, readArguments, type SqlSources } from "./read-arguments.ts";
import { renderError } from "./render-error.ts";
import { renderReport } from "./render-report.ts";

/** What a command is given instead of the process. */
export interface CommandSurroundings extends SqlSources {
  readonly engine: Engine;
  readonly context: CallContext;
  readonly reportFault: ReportFault;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** Runs one command and prints its answer: with --json one document on stdout whatever happens, else text for people. */
export async function runCommand(
  command: Command,
  values: FlagValues,
  surroundings: CommandSurroundings,
): Promise<ExitCode> {
  const { engine, context, reportFault, writeOut } = surroundings;
  try {
    const args = await readArguments(command, values, surroundings);
    const answer = await command.tool.runCommand(engine, args, context);
    writeOut(
      isSwitchedOn(values, "json") || answer.form === "document"
        ? toDocument(answer.report)
        : renderReport(answer.report),
    );
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

/** Two databases are compared with diff's exit codes: 0 equal, 1 different, 2 trouble of any kind. */
const comparisonFailed = 2;

function isComparison(values: FlagValues): boolean {
  return values.has("against-url");
}

/** Prints an error where the caller looks for it: on stdout as JSON, else as text on stderr. */
export function printError(
  answer: ErrorAnswer,
  form: "json" | "text",
  { writeOut, writeError }: Pick<CommandSurroundings, "writeOut" | "writeError">,
): ExitCode {
  if (form === "json") writeOut(toDocument(answer));
  else writeError(renderError(answer));
  return exitCodeOfError(answer.error.code);
}

/** True form of the answer even where the command line itself is wrong: --json counts wherever it stands. */
export function wantsJson(values: FlagValues): "json" | "text" {
  return values.has("json") && values.get("json")?.[0] !== "false" ? "json" : "text";
}

function toDocument(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
