import type { MadeObject } from "../model/destructive-act.ts";
import type { Row } from "../ports.ts";

/** True for a dependent object, a row of `closureOf`, that the same file makes again under its name after the drop. */
export function isMadeAgain(row: Row, made: readonly MadeObject[]): boolean {
  const kind = String(row["kind"]);
  const identity = String(row["identity"]).replaceAll('"', "");
  return made.some((each) => {
    const { schema = "public", name } = each.relation;
    const whole = `${schema}.${name}`;
    switch (each.what) {
      case "policy":
      case "trigger":
        return kind === each.what && identity === `${each.name} on ${whole}`;
      case "relation":
        return kind.endsWith("view") && identity === whole;
      case "routine":
        return /^(?:function|procedure)$/.test(kind) && isCall(identity, whole, each.arguments);
    }
  });
}

/** `public.f(integer,text)` is `public.f` with two arguments. */
function isCall(identity: string, name: string, count: number): boolean {
  if (!identity.startsWith(`${name}(`)) return false;
  const list = identity.slice(name.length + 1, -1);
  return (list === "" ? 0 : list.split(",").length) === count;
}
