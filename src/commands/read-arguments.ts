import type { FlagValues } from "../config/command-line.ts";
import { EngineError } from "../engine/index.ts";
import type { Command, CommandFlag } from "./command-specs.ts";

/** Where SQL that is not on the command line comes from. */
export interface SqlSources {
  readonly readStdin: () => Promise<string>;
  /** Rejects where the file cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
}

/** The tool's arguments that a command line asks for. Throws `invalid_input` and `arguments_conflict`. */
export async function readArguments(
  command: Command,
  values: FlagValues,
  sources: SqlSources,
): Promise<Readonly<Record<string, unknown>>> {
  const args: Record<string, unknown> = {};
  for (const flag of command.flags) {
    const value = values.get(flag.flag)?.[0];
    if (value === undefined || flag.argument === "") continue;
    args[flag.argument] = flag.type === "list" ? values.get(flag.flag) : toValue(flag, value);
  }
  if (isSwitchedOn(values, "all")) {
    if ("limit" in args) throw new EngineError("arguments_conflict", "--all and --limit exclude each other.");
    args["limit"] = "all";
  }
  const query = await readQuery(values, sources);
  return query === undefined ? args : { ...args, query };
}

/** True where the switch was given, and not as `--switch=false`. */
export function isSwitchedOn(values: FlagValues, flag: string): boolean {
  const value = values.get(flag)?.[0];
  return value !== undefined && toBoolean(flag, value);
}

function toValue(flag: CommandFlag, value: string): unknown {
  if (flag.type === "boolean") return toBoolean(flag.flag, value);
  return flag.type === "other" && /^\d+$/.test(value) ? Number(value) : value;
}

function toBoolean(flag: string, value: string): boolean {
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new EngineError("invalid_input", `--${flag} takes no value, or true or false.`);
}

async function readQuery(values: FlagValues, sources: SqlSources): Promise<string | undefined> {
  const query = values.get("query")?.[0];
  const path = values.get("query-file")?.[0];
  if (query !== undefined && path !== undefined) {
    throw new EngineError("arguments_conflict", "The SQL is given twice: as --query and as --query-file.");
  }
  if (path !== undefined) return readSqlFile(path, sources);
  return query === "-" ? sources.readStdin() : query;
}

async function readSqlFile(path: string, sources: SqlSources): Promise<string> {
  try {
    return await sources.readFile(path);
  } catch (error) {
    throw new EngineError("invalid_input", `--query-file: ${path} cannot be read.`, {}, error);
  }
}
