import type { CommandSpec, FlagSpec } from "../config/command-line.ts";
import { flagWords } from "./flag-words.ts";
import { toCommandJsonSchema, tools, type Tool } from "../tools/index.ts";

/** One flag of a command, and the argument of the tool that it sets. */
export interface CommandFlag extends FlagSpec {
  readonly argument: string;
  /** A list is given by its flag, once for each element. */
  readonly type: "boolean" | "text" | "list" | "other";
  /** What stands for its value in the help; absent for a switch. */
  readonly placeholder?: string;
  readonly description: string;
}

/** One tool as a command: `list_migrations` is `list-migrations`. */
export interface Command extends CommandSpec {
  readonly tool: Tool;
  readonly flags: readonly CommandFlag[];
}

const jsonFlag: CommandFlag = {
  flag: "json",
  argument: "",
  form: "switch",
  type: "boolean",
  description: "Print exactly one JSON document on stdout.",
};

const allFlag: CommandFlag = {
  flag: "all",
  argument: "",
  form: "switch",
  type: "boolean",
  description: "Every row, on one page.",
};

const queryFileFlag: CommandFlag = {
  flag: "query-file",
  argument: "",
  form: "value",
  type: "text",
  placeholder: "FILE",
  description: "Read the SQL from this file; `--query -` reads stdin.",
};

/** Every command, in the order of the tools. */
export const commands: readonly Command[] = tools.map(toCommand);

/** The flags are made when asked for: a server never asks. */
function toCommand(tool: Tool): Command {
  let made: readonly CommandFlag[] | undefined;
  return {
    name: toKebab(tool.name),
    tool,
    ...(tool.positional === undefined ? {} : { positional: toKebab(tool.positional) }),
    get flags() {
      return (made ??= toFlags(tool));
    },
  };
}

/** The project is named by the setting --project-id, which every command has; what is only ever turned off has a flag that says so. */
function toFlags(tool: Tool): readonly CommandFlag[] {
  const all = toCommandJsonSchema(tool).properties;
  const properties = Object.entries(all).filter(([name]) => name !== "project_id" && !(`no_${name}` in all));
  const takesQuery = properties.some(([name]) => name === "query");
  const takesAll = properties.some(([, schema]) => JSON.stringify(schema).includes('"all"'));
  return [
    ...properties.map(([name, schema]) => toFlag(name, schema)),
    ...(takesQuery ? [queryFileFlag] : []),
    ...(takesAll ? [allFlag] : []),
    jsonFlag,
  ];
}

function toFlag(argument: string, schema: unknown): CommandFlag {
  const { type, description, choices } = readSchema(schema);
  return {
    flag: toKebab(argument),
    argument,
    form: type === "boolean" ? "switch" : type === "array" ? "list" : "value",
    type: flagTypes[type] ?? "other",
    ...(type === "boolean" ? {} : { placeholder: choices === "" ? "VALUE" : choices }),
    description: flagWords[argument] ?? description,
  };
}

const flagTypes: Readonly<Record<string, CommandFlag["type"]>> = {
  boolean: "boolean",
  string: "text",
  array: "list",
};

interface SchemaFacts {
  readonly type: string;
  readonly description: string;
  readonly choices: string;
}

function readSchema(schema: unknown): SchemaFacts {
  if (typeof schema !== "object" || schema === null) return { type: "", description: "", choices: "" };
  const read = (key: string): unknown => Object.getOwnPropertyDescriptor(schema, key)?.value;
  const choices: unknown = read("enum");
  return {
    type: String(read("type") ?? ""),
    description: String(read("description") ?? ""),
    choices: Array.isArray(choices) ? choices.join("|") : "",
  };
}

function toKebab(name: string): string {
  return name.replaceAll("_", "-");
}
