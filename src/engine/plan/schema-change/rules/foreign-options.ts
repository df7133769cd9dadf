import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import type { WriteChange } from "../attribute-rules.ts";
import { literal, referTo } from "../names.ts";

const prefix = "fdwOption.";

/** The options of a wrapper, server or foreign table as `options (…)`, with a space before; empty where it has none. */
export function foreignOptions(fact: Fact): string {
  const options = Object.entries(fact.attributes)
    .filter(([name, value]) => name.startsWith(prefix) && !isRedacted(value))
    .map(([name, value]) => `${quoteIdentifier(name.slice(prefix.length))} ${literal(String(value))}`);
  return options.length === 0 ? "" : ` options (${options.join(", ")})`;
}

/** Adds, sets or drops one of these options. */
export const foreignOptionRule: WriteChange = (change, { to, changed }) => {
  const [name] = [...changed].find(([, candidate]) => candidate === change) ?? [""];
  if (isRedacted(change.after)) return [];
  const option = quoteIdentifier(name.slice(prefix.length));
  const value = change.after === undefined ? "" : ` ${literal(String(change.after))}`;
  const word = change.after === undefined ? "drop" : change.before === undefined ? "add" : "set";
  return [{ sql: `alter ${referTo(to)} options (${word} ${option}${value})` }];
};

/** True for what stands in place of a secret, which no statement can set. */
export function isRedacted(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("(redacted ");
}
