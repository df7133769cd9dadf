import type { Node } from "../sql/parse.ts";
import { readType } from "./expressions.ts";
import { nameOfList, type Name } from "./names.ts";
import { optionsOf, optionText, findOption } from "./options.ts";

/** A CREATE or ALTER FUNCTION or PROCEDURE as it is written. */
export interface WrittenRoutine {
  readonly name: Name;
  readonly isNew: boolean;
  readonly isDefiner: boolean;
  /** `fixed` by SET search_path, `reset` by RESET, else `open`. */
  readonly searchPath: "fixed" | "reset" | "open";
  readonly returnsTrigger: boolean;
  readonly language: string;
  readonly body: string;
  /** BEGIN ATOMIC: names were resolved when it was made. */
  readonly isAtomic: boolean;
}

export function routineOf(node: Node): WrittenRoutine | undefined {
  if ("CreateFunctionStmt" in node) {
    const { funcname, options, returnType, sql_body } = node.CreateFunctionStmt;
    const returned = readType(returnType).name;
    return {
      name: nameOfList(funcname),
      isNew: true,
      ...readOptions(options),
      returnsTrigger: returned === "trigger" || returned === "event_trigger",
      language: (findOption(options, "language") ?? (sql_body === undefined ? "" : "sql")).toLowerCase(),
      body: findOption(options, "as") ?? "",
      isAtomic: sql_body !== undefined,
    };
  }
  if (!("AlterFunctionStmt" in node)) return undefined;
  const { func, actions } = node.AlterFunctionStmt;
  return {
    name: nameOfList(func?.objname),
    isNew: false,
    ...readOptions(actions),
    returnsTrigger: false,
    language: "",
    body: "",
    isAtomic: false,
  };
}

function readOptions(options: readonly Node[] | undefined): Pick<WrittenRoutine, "isDefiner" | "searchPath"> {
  let isDefiner = false;
  let searchPath: WrittenRoutine["searchPath"] = "open";
  for (const { name, value } of optionsOf(options)) {
    if (name === "security") isDefiner = optionText(value) === "true";
    if (name !== "set" || value === undefined || !("VariableSetStmt" in value)) continue;
    const { kind, name: setting } = value.VariableSetStmt;
    if (kind === "VAR_RESET_ALL") searchPath = "reset";
    if (setting !== "search_path") continue;
    searchPath = kind === "VAR_RESET" || kind === "VAR_SET_DEFAULT" ? "reset" : "fixed";
  }
  return { isDefiner, searchPath };
}
