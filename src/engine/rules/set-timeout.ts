import { constantText } from "../sql/always-true.ts";
import type { Node, VariableSetStmt } from "../sql/parse.ts";
import { functionCalls } from "./expressions.ts";
import type { Scope } from "./scope.ts";

/** A limit that a statement sets for itself and those after it; undefined for every other statement. */
export function timeoutSet(node: Node, setting: string): { readonly value: string | undefined } | undefined {
  const set = "VariableSetStmt" in node ? node.VariableSetStmt : storedSetting(node);
  if (set?.name?.toLowerCase() === setting)
    return { value: set.kind === "VAR_SET_VALUE" ? constantText(set.args?.[0]) : undefined };
  if (!("SelectStmt" in node)) return undefined;
  const call = functionCalls(node).find(
    ({ name, args }) => name === "set_config" && constantText(args[0])?.toLowerCase() === setting,
  );
  return call === undefined ? undefined : { value: constantText(call.args[1]) };
}

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `none` for 0, RESET and DEFAULT, `long` for more than `longestMs`, else `fine`. */
export function judgeTimeout(value: string | undefined, longestMs: number): "none" | "long" | "fine" {
  if (value === undefined) return "none";
  const [, digits = "0", unit = "ms"] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  const ms = Number(digits) * (UNITS[unit === "" ? "ms" : unit.toLowerCase()] ?? 1);
  if (ms === 0) return "none";
  return ms > longestMs ? "long" : "fine";
}

/** RESET behind everything that the migration does: no statement is left that could wait. */
export function isTidying(value: string | undefined, { position, migration }: Scope): boolean {
  return value === undefined && position > 0 && position === migration.length - 1;
}

/** What every later session of a role or a database begins with. */
function storedSetting(node: Node): VariableSetStmt | undefined {
  if ("AlterRoleSetStmt" in node) return node.AlterRoleSetStmt.setstmt;
  return "AlterDatabaseSetStmt" in node ? node.AlterDatabaseSetStmt.setstmt : undefined;
}
