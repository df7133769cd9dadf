export { commands, type Command } from "./command-specs.ts";
export { renderConnection, type Connection } from "./connect.ts";
export { paint } from "./paint.ts";
export { renderCommandHelp, renderHelp, renderTokenHelp } from "./help.ts";
export { renderOverview } from "./overview.ts";
export { printError, runCommand, wantsJson, type CommandSurroundings, type Screen } from "./run-command.ts";
export { runTokenCommand, tokenCommand } from "./token-command.ts";
