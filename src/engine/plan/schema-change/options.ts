import type { Fact } from "../../model/catalog.ts";
import { literal, referTo } from "./names.ts";
import type { WriteChange } from "./attribute-rules.ts";

const prefix = "option.";

/** The options of a fact as `with (…)` writes them, with a space before; empty where it has none. */
export function withOptions(fact: Fact): string {
  const options = Object.entries(fact.attributes)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => `${name.slice(prefix.length)} = ${optionValue(value)}`);
  return options.length === 0 ? "" : ` with (${options.join(", ")})`;
}

/** Sets or resets a storage parameter of a relation, an index or a view. */
export const optionRule: WriteChange = (change, { to, changed }) => {
  const [name] = [...changed].find(([, candidate]) => candidate === change) ?? [""];
  const option = name.slice(prefix.length);
  const sql =
    change.after === undefined
      ? `alter ${referTo(to)} reset (${option})`
      : `alter ${referTo(to)} set (${option} = ${optionValue(change.after)})`;
  return [{ sql, ...(option === "security_invoker" ? { hazards: ["AUTHZ_UPDATE"] as const } : {}) }];
};

function optionValue(value: unknown): string {
  const text = String(value);
  return /^[a-z_]+$/.test(text) || /^-?\d+(\.\d+)?$/.test(text) ? text : literal(text);
}
