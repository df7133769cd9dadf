export { commands, type Command } from "./command-specs.ts";
export { renderConnection, type Connection } from "./connect.ts";
export { renderCommandHelp, renderHelp, renderTokenHelp } from "./help.ts";
export { renderOverview } from "./overview.ts";
export { printError, runCommand, wantsJson, type CommandSurroundings } from "./run-command.ts";
export { runTokenCommand, tokenCommand } from "./token-command.ts";
