export { commands, type Command } from "./command-specs.ts";
export { renderConnection, type Connection } from "./connect.ts";
export { exitCodeOfError, type ExitCode } from "./exit-code.ts";
export { renderCommandHelp, renderHelp } from "./help.ts";
export { renderOverview } from "./overview.ts";
export { renderError } from "./render-error.ts";
export { printError, runCommand, wantsJson, type CommandSurroundings } from "./run-command.ts";
