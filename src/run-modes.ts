import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import {
  commands,
  paint,
  printError,
  renderConnection,
  renderOverview,
  runCommand,
  runTokenCommand,
  tokenCommand,
  type Connection,
  type Screen,
} from "./commands/index.ts";
import type { Config, Entry, HttpConfig } from "./config/load-config.ts";
import { describeLabels, describeTarget } from "./config/describe-target.ts";
import type { CallContext } from "./engine/index.ts";
import { toErrorAnswer } from "./error-answer.ts";
import type { LazyLog } from "./lazy-log.ts";
import { tokenPath } from "./tokens/token-path.ts";
import type { OpenedHttp } from "./open-http.ts";
import type { Program } from "./program.ts";

/** Closing takes at most this long; what is still open then is cut off. */
const closeDeadlineMs = 8000;
const httpCloseDeadlineMs = 35_000;

/** Serves MCP on stdin and stdout until the client goes or a signal comes. */
export async function serveStdio({ config, engine, log, version }: Program): Promise<number> {
  const { startStdio } = await import("./mcp/stdio.ts");
  const parts = { engine, version, reportFault: log.fault, targets: describeLabels(config.engine.target) };
  const running = startStdio(parts, (error) => log.error(error, "stdio"));
  await Promise.race([running.ended, signalled()]);
  return finish(0, [running.close, engine.close], { log });
}

/** Serves MCP over HTTP until a signal comes; prints how to connect. */
export async function serveHttp(program: Program, http: HttpConfig): Promise<number> {
  const { openHttp } = await import("./open-http.ts");
  const opened = await openHttp(program, http);
  if (opened.kind === "failed") {
    process.stderr.write(`${opened.message}\n`);
    return 2;
  }
  process.stdout.write(describeHttp(opened, describeTarget(program.config.engine.target)));
  await signalled();
  // Running calls may end first; the rest of the closing has its own time.
  return finish(0, [opened.close, program.engine.close], {
    log: program.log,
    deadlineMs: httpCloseDeadlineMs,
  });
}

/** Runs one command; a first signal cancels it, and what was not committed is rolled back. */
export async function runOneCommand(
  { config, engine, log, version }: Program,
  entry: Extract<Entry, { readonly kind: "command" }>,
): Promise<number> {
  // A command is over before compiling WebAssembly a second time, for speed, would pay (docs/decisions/0051-webassembly.md).
  setFlagsFromString("--liftoff-only");
  if (entry.name === tokenCommand.name) {
    const { projectDir, target } = config.engine;
    const targets = target.kind === "labelled" ? target.targets.map(({ label }) => label) : [];
    return runTokenCommand(entry.args, { path: tokenPath(projectDir), now: new Date(), targets, ...output });
  }
  const command = commands.find(({ name }) => name === entry.name);
  if (command === undefined) return 2;
  const gone = new AbortController();
  void signalled().then(() => gone.abort());
  const code = await runCommand(command, entry.args, {
    engine,
    context: {
      answerSize: "whole",
      signal: gone.signal,
      appliedBy: `godwit ${version}`,
      ...namedOnCommandLine(config),
    },
    reportFault: log.fault,
    ...(process.stdin.isTTY && process.stdout.isTTY ? { askPerson: askOnTerminal } : {}),
    ...findScreen(),
    readStdin: () => text(process.stdin),
    readFile: (path) => readFile(path, "utf8"),
    ...output,
  });
  return finish(code, [engine.close], { log });
}

/** What stands on the command line itself, unlike in a file or a variable, is what this very call means. */
function namedOnCommandLine({
  sources,
  engine: { target },
}: Config): Pick<CallContext, "projectId" | "target"> {
  if (target.kind === "labelled")
    return sources.target === "--target" && target.usual !== undefined ? { target: target.usual } : {};
  const isNamed = sources["project-id"] === "--project-id" && target.projectId !== undefined;
  return isNamed ? { projectId: target.projectId } : {};
}

/** Shows a person the project's state and how to connect. */
export async function showOverview({ config, engine, log }: Program): Promise<number> {
  const connection = describeStdio(config);
  const code = await engine.describeProject({}).then(
    (project) => {
      const { screen } = findScreen();
      const text = renderOverview(project, connection, screen?.width);
      output.writeOut(screen === undefined ? text : screen.paint(text));
      return 0;
    },
    (thrown: unknown) => {
      output.writeOut(`${renderConnection(connection)}\n\n`);
      return printError(toErrorAnswer(thrown, "godwit", log.fault), "text", { ...output, ...findScreen() });
    },
  );
  return finish(code, [engine.close], { log });
}

/** The person's line; empty where they close the terminal's input instead. */
async function askOnTerminal(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    return await Promise.race([terminal.question(question), closed]);
  } finally {
    terminal.close();
  }
}

const output = {
  writeOut: (written: string) => void process.stdout.write(written),
  writeError: (written: string) => void process.stderr.write(written),
};

/** A terminal's width, and colours where somebody wants them (https://no-color.org). */
function findScreen(): { readonly screen?: Screen } {
  if (!process.stdout.isTTY || !process.stderr.isTTY) return {};
  const wantsColour = (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
  const width = Math.max(40, process.stdout.columns || 80);
  return { screen: { width, paint: wantsColour ? paint : (written) => written } };
}

/** Resolves at the first signal that asks to end; a second one ends the program at once. */
async function signalled(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
}

/** Closes all, in order, and leaves once stdout has taken everything: an open handle must not keep a finished program. */
async function finish(
  code: number,
  closings: readonly (() => Promise<void>)[],
  { log, deadlineMs = closeDeadlineMs }: { readonly log: LazyLog; readonly deadlineMs?: number },
): Promise<never> {
  setTimeout(() => process.exit(code), deadlineMs).unref();
  for (const close of closings) await close().catch((error: unknown) => log.error(error, "closing"));
  await log.written();
  await new Promise<void>((resolve) => {
    process.stdout.write("", () => resolve());
  });
  return process.exit(code);
}

/** Clients start this very program; addresses are handed on as variables, never as text. */
function describeStdio({ engine, addressVariables: variables }: Config): Connection {
  const script = process.argv[1] ?? "godwit";
  return { kind: "stdio", command: "node", args: [script, "--project-dir", engine.projectDir], variables };
}

/** A token that somebody has already is not shown again. */
function describeHttp({ url, newToken, ways }: OpenedHttp, target: string): string {
  const shown = newToken ?? "$GODWIT_TOKEN";
  return `Godwit serves MCP over HTTP.

url     ${url}
token   ${newToken ?? ways.join(", ")}
target  ${target}

${renderConnection({ kind: "http", url, token: shown })}

Ctrl-C ends it.
`;
}
