import { EngineError } from "../errors.ts";
import { toName } from "../files/naming.ts";

/** Characters that only somebody who means a path would put into a name. */
const pathLike = /[/\\\0]|\.\./;

/** A given name in snake_case. Throws `invalid_name` where it is a path or nothing is left of it. */
export function settleName(given: string): string {
  const name = pathLike.test(given) ? undefined : toName(given);
  if (name !== undefined) return name;
  throw new EngineError(
    "invalid_name",
    `${JSON.stringify(given.slice(0, 100))} cannot be a migration's name.`,
  );
}

/** What to tell a caller whose name was written in another way. */
export function describeRename(given: string, name: string): readonly string[] {
  return given === name ? [] : [`The name was written as ${name}: migration names are snake_case.`];
}
