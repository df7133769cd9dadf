import type { Change, FactKey, ObjectKind } from "../../model/catalog.ts";
import type { Refusal } from "./schema-change.ts";
import type { World } from "./world.ts";
import type { Node } from "./write-nodes.ts";

/** What holds no rows and can be dropped first and made last, so that what it names need not be there at once. */
const rowless: ReadonlySet<ObjectKind> = new Set([
  "view",
  "materialized_view",
  "function",
  "procedure",
  "policy",
  "rule",
  "trigger",
  "constraint",
  "index",
  "statistics",
  "default",
]);

/** An object of the circle that opens it when it is dropped and made anew instead of altered; undefined where none does. */
export function chooseAnew(
  circle: readonly Node[],
  world: World,
  anew: ReadonlySet<FactKey>,
): FactKey | undefined {
  return circle
    .map(({ subject }) => subject)
    .find((key) => {
      const kind = world.from.facts.get(key)?.kind;
      return kind !== undefined && rowless.has(kind) && world.intents.get(key) === "alter" && !anew.has(key);
    });
}

/** What could be put in no order. */
export function refuseCircles(
  circles: readonly (readonly Node[])[],
  changes: readonly Change[],
): readonly Refusal[] {
  return circles.flatMap((circle) => {
    const keys = [...new Set(circle.map(({ subject }) => subject))];
    const [key] = keys;
    if (key === undefined) return [];
    const own = changes.filter((change) => keys.includes(change.key));
    const reason = `These need each other and can be changed in no order: ${keys.join(", ")}.`;
    return [{ key, changes: own, reason }];
  });
}
