import { droppedObjects } from "../ledger.ts";
import { show, nameOfRange, toName, keyOf, type Name } from "../names.ts";
import { isRemade } from "../remade.ts";
import type { Rule, Hit } from "../rule.ts";
import { following, type Scope } from "../scope.ts";

const WORDS: Readonly<Record<string, string>> = {
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "domain",
  OBJECT_EXTENSION: "extension",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized view",
  OBJECT_TRIGGER: "trigger",
  OBJECT_EVENT_TRIGGER: "event trigger",
  OBJECT_RULE: "rule",
  OBJECT_COLLATION: "collation",
  OBJECT_OPERATOR: "operator",
  OBJECT_OPCLASS: "operator class",
  OBJECT_OPFAMILY: "operator family",
  OBJECT_CAST: "cast",
  OBJECT_LANGUAGE: "language",
  OBJECT_TRANSFORM: "transform",
  OBJECT_ACCESS_METHOD: "access method",
  OBJECT_FOREIGN_SERVER: "server",
  OBJECT_FDW: "foreign data wrapper",
  OBJECT_TSCONFIGURATION: "text search configuration",
  OBJECT_TSDICTIONARY: "text search dictionary",
};

export const dropObject: Rule = {
  id: "D08",
  name: "drop-object",
  group: "data-loss",
  severity: "warning",
  detects: "DROP of a type, domain, extension, sequence, view, trigger and their like",
  why: "Its definition is gone, and so is what it stores or does; queries that name it fail.",
  rewrite: "Keep its definition as this migration's rollback, and drop it when nothing uses it.",
  check: ({ node }, scope) => {
    if ("DropSubscriptionStmt" in node) return [{ object: node.DropSubscriptionStmt.subname ?? "" }];
    if ("DropUserMappingStmt" in node) return [{ object: node.DropUserMappingStmt.servername ?? "" }];
    if (!("DropStmt" in node)) return [];
    const { removeType = "" } = node.DropStmt;
    if (WORDS[removeType] === undefined) return [];
    return droppedObjects(node, removeType)
      .filter(({ name }) => !isMadeHere(name, scope) && name.schema?.startsWith("pg_temp") !== true)
      .map(({ parts, name }) => describe({ parts, name, type: removeType }, scope));
  },
};

function isMadeHere(name: Name, { made }: Scope): boolean {
  const key = keyOf(name);
  return (
    ["relation", "type", "routine", "defined"].some((kind) => made.has(kind, key)) ||
    made.has("extension", name.name)
  );
}

function describe(
  dropped: { readonly parts: readonly string[]; readonly name: Name; readonly type: string },
  scope: Scope,
): Hit {
  const { parts, name, type } = dropped;
  const isPart = type === "OBJECT_TRIGGER" || type === "OBJECT_RULE";
  const object = isPart ? parts.join(".") : show(name);
  const comesBack = isPart ? isPartRemade(parts, scope) : isRemade(type, name, scope);
  const word = WORDS[type] ?? "";
  return comesBack
    ? { object, severity: "info", why: `The ${word} is made again further down.` }
    : { object };
}

function isPartRemade(parts: readonly string[], scope: Scope): boolean {
  const table = toName(parts.slice(0, -1));
  return following(scope, table).some(
    ({ node }) =>
      "CreateTrigStmt" in node &&
      node.CreateTrigStmt.trigname === parts.at(-1) &&
      keyOf(nameOfRange(node.CreateTrigStmt.relation)) === keyOf(table),
  );
}
