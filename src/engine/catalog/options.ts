import type { MaybeJson } from "./fact-draft.ts";

const none = {};

/** Options as Postgres stores them (`name=value`) as one attribute each, named `<prefix><name>`. */
export function toOptions(
  options: readonly string[] | null,
  prefix = "option.",
): Readonly<Record<string, MaybeJson>> {
  if (options === null) return none;
  return Object.fromEntries(options.map(splitOption).map(([name, value]) => [prefix + name, value]));
}

/** Name and value of `name=value`; the value may hold further equal signs. */
export function splitOption(option: string): readonly [name: string, value: string] {
  const at = option.indexOf("=");
  return at === -1 ? [option, ""] : [option.slice(0, at), option.slice(at + 1)];
}
