import { listFew } from "../../model/list-few.ts";
import { alterCommandsOf } from "../alter-table.ts";
import { granteesOf } from "../grants.ts";
import type { LiveSchema } from "../live-schema.ts";
import { show, toName, keyOf, partsOfObject, type Name } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";

const HARMLESS = new Set([
  "OBJECT_POLICY",
  "OBJECT_TRIGGER",
  "OBJECT_RULE",
  "OBJECT_STATISTIC_EXT",
  "OBJECT_EVENT_TRIGGER",
]);

export const cascade: Rule = {
  id: "D07",
  name: "cascade",
  group: "data-loss",
  severity: "warning",
  detects: "DROP … CASCADE",
  why: "It drops whatever needs the object, and whatever needs that, without naming any of it.",
  rewrite: "Leave CASCADE out and drop by name what the error then lists.",
  check: ({ node }, scope) => {
    if ("DropStmt" in node) {
      const { behavior, removeType = "", objects = [] } = node.DropStmt;
      if (behavior !== "DROP_CASCADE" || HARMLESS.has(removeType)) return [];
      return objects
        .map((object) => toName(partsOfObject(object)))
        .filter((name) => !scope.made.has("relation", keyOf(name)))
        .map((name) => describe(name, removeType, scope));
    }
    if ("DropOwnedStmt" in node)
      return node.DropOwnedStmt.behavior === "DROP_CASCADE"
        ? [{ object: granteesOf(node.DropOwnedStmt.roles).join(", ") }]
        : [];
    return alterCommandsOf(node, "AT_DropColumn", "AT_DropConstraint")
      .filter(({ table, command }) => command.behavior === "DROP_CASCADE" && !isOwnTable(scope, table))
      .map(({ table, command }) => ({ object: `${show(table)}.${command.name ?? ""}` }));
  },
};

const KINDS: Readonly<Record<string, Parameters<LiveSchema["find"]>[0]>> = {
  OBJECT_TABLE: "table",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized_view",
  OBJECT_TYPE: "enum",
  OBJECT_DOMAIN: "domain",
  OBJECT_SEQUENCE: "sequence",
};

const mostListed = 10;

function describe(name: Name, type: string, { live }: Scope): Hit {
  const object = show(name);
  const kind = KINDS[type];
  const fact = kind === undefined ? undefined : live?.find(kind, name);
  if (live === undefined || fact === undefined) return { object, needs: "what depends on it" };
  const keys = live.dependantsOf(fact).map(({ key }) => key);
  if (keys.length === 0) return { object, severity: "info", why: "Nothing depends on it now." };
  return { object, severity: "error", why: `It also drops ${listFew(keys, mostListed, (key) => key)}.` };
}
