#!/usr/bin/env node
import { readFileSync, statSync } from "node:fs";
import {
  commands,
  printError,
  renderCommandHelp,
  renderHelp,
  renderTokenHelp,
  tokenCommand,
  wantsJson,
} from "./commands/index.ts";
import { loadConfig, type Config, type Loaded } from "./config/load-config.ts";
import { createEngine, EngineError } from "./engine/index.ts";
import { toErrorAnswer } from "./error-answer.ts";
import { createLazyLog } from "./lazy-log.ts";
import { createRedactor } from "./redact.ts";
import type { Program } from "./program.ts";
import { runOneCommand, serveHttp, serveStdio, showOverview } from "./run-modes.ts";
import { version } from "./version.ts";

process.exitCode = await main();

/** Reads the settings, does the one thing that they ask for, and answers the exit code. */
async function main(): Promise<number> {
  const loaded = loadConfig({
    argv: process.argv.slice(2),
    env: process.env,
    workingDir: process.cwd(),
    commands: [...commands, tokenCommand],
    readText,
    isFolder,
  });
  switch (loaded.kind) {
    case "help":
      return print(renderHelpFor(loaded.command));
    case "version":
      return print(`${version}\n`);
    case "problems":
      return printProblems(loaded);
    case "config":
      return run(loaded);
  }
}

async function run(config: Config): Promise<number> {
  const program = assemble(config);
  for (const warning of config.warnings) program.log.warn(warning);
  switch (config.entry.kind) {
    case "command":
      return runOneCommand(program, config.entry);
    case "http":
      return serveHttp(program, config.entry.http);
    case "unsaid":
      return process.stdin.isTTY ? showOverview(program) : serveStdio(program);
  }
}

function assemble(config: Config): Program {
  const redact = createRedactor(config.secrets);
  const log = createLazyLog({ level: config.logLevel, redact });
  const engine = createEngine({ ...config.engine, observe: log.event });
  process.on("uncaughtException", (error) => {
    log.error(error, "uncaught");
    void log.written().finally(() => process.exit(1));
  });
  return { config, engine, log, version };
}

function renderHelpFor(name: string | undefined): string {
  if (name === tokenCommand.name) return renderTokenHelp();
  const command = commands.find((candidate) => candidate.name === name);
  return command === undefined ? renderHelp(commands) : renderCommandHelp(command);
}

function printProblems({ problems, args, command }: Extract<Loaded, { readonly kind: "problems" }>): number {
  const isAboutWords = problems.every((problem) =>
    /^(?:Unknown (?:flag|command)|Unexpected argument)/.test(problem),
  );
  const hint = {
    hint: `${command === undefined ? "godwit" : `godwit ${command}`} --help lists what there is.`,
  };
  const thrown = new EngineError("invalid_settings", problems.join(" "), isAboutWords ? hint : {});
  const answer = toErrorAnswer(thrown, "godwit", () => undefined);
  return printError(answer, wantsJson(args), {
    writeOut: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
  });
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function readText(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(path, "utf8")
    : undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
