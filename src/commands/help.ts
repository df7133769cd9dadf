import { settings, type Setting } from "../config/settings.ts";
import type { Command, CommandFlag } from "./command-specs.ts";
import { inCommandWords } from "./in-command-words.ts";
import { wrapText } from "./render-text.ts";
import { tokenCommand } from "./token-command.ts";

/** What `godwit --help` prints. */
export function renderHelp(commands: readonly Command[]): string {
  return `godwit: safe schema changes for Supabase and Postgres, for agents and people

Usage
  godwit                    on a terminal: the project's state, how to connect;
                            over a pipe: an MCP server on stdin and stdout
  godwit --http [ADDRESS]   an MCP server over HTTP
  godwit COMMAND [FLAGS]    one command; see godwit COMMAND --help

Commands
${commands.map(({ name, tool }) => row(name, firstClause(tool.description))).join("\n")}
${row(tokenCommand.name, tokenCommand.title)}

Settings (flag over variable over godwit.json over default)
${settings.map(describeSetting).join("\n")}

  --help, --version

Exit codes of commands
  0  well
  1  an unwelcome answer: drift, error findings, a failed step
  2  wrong use
  3  target unreachable
  4  refused, or not confirmed
`;
}

/** What `godwit COMMAND --help` prints. */
export function renderCommandHelp({ name, tool, flags, positional }: Command): string {
  const place = positional === undefined ? "" : ` [${positional.toUpperCase()}]`;
  return `godwit ${name}${place} [FLAGS]

${wrapText(inCommandWords(tool.description), width)}

Flags
${flags.map(describeFlag).join("\n")}

The settings of godwit --help may stand before or behind the command.
`;
}

/** What `godwit token --help` prints. */
export function renderTokenHelp(): string {
  const [, ...flags] = tokenCommand.flags;
  return `godwit token add [--name NAME] [--scope SCOPE] [--target LABEL …] [--expires TIME]
godwit token list
godwit token revoke ID

${wrapText(
  `${tokenCommand.title}. A reading token sees everything; write also writes and applies migrations and changes rows; admin also changes files and history together. The project keeps hashes only, in .godwit/tokens.json.`,
  width,
)}

Flags
${flags.map(describeFlag).join("\n")}
`;
}

function describeFlag({
  flag,
  placeholder,
  description,
}: Pick<CommandFlag, "flag" | "placeholder" | "description">): string {
  return row(`--${flag}${placeholder === undefined ? "" : ` ${placeholder}`}`, description);
}

function describeSetting({ flag, placeholder, variables, description, ...rest }: Setting): string {
  const value =
    placeholder === undefined ? "" : rest.form === "optional" ? ` [${placeholder}]` : ` ${placeholder}`;
  const first = rest.default === undefined ? description : `${description} Default: ${rest.default}.`;
  const second = variables.length === 0 ? [] : [row("", variables.join("  "))];
  return [row(`--${flag}${value}`, first), ...second].join("\n");
}

/** What it does, without what to do before and after: the first part of a tool's description. */
function firstClause(description: string): string {
  return description.replaceAll(/ \([^)]*\)/g, "").replace(/[.;:](?:\s.*)?$/s, "");
}

/** Wide enough for every terminal. */
const width = 80;

const nameWidth = 24;

/** A name and what it is beside it; a name that is too long has a line of its own. */
function row(name: string, text: string): string {
  const indent = " ".repeat(nameWidth + 4);
  const isLong = name.length > nameWidth;
  const first = `  ${name.padEnd(nameWidth)}  `;
  if (text === "") return `  ${name}`;
  return isLong
    ? `  ${name}\n${wrapText(`${indent}${text}`, width, indent)}`
    : wrapText(`${first}${text}`, width, indent);
}
