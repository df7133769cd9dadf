import type { Fact, ObjectId } from "../../model/catalog.ts";
import { quoteIdentifier, quoteLiteral } from "../../sql/quote.ts";

/** The object's own name, qualified by its schema, or by its relation's where it is a column. */
export function nameOf(id: ObjectId): string {
  return qualify(id.schema, id.name);
}

/** The relation or domain that the object is a part of. */
export function ownerNameOf(id: ObjectId): string {
  return qualify(id.schema, id.within ?? "");
}

/** Each name quoted, with a dot between. */
export function qualify(...names: readonly (string | undefined)[]): string {
  return names
    .filter((name): name is string => name !== undefined)
    .map(quoteIdentifier)
    .join(".");
}

/** A text as a literal that reads the same whatever `standard_conforming_strings` is. */
export function literal(text: string): string {
  return text.includes("\\")
    ? ` E${quoteLiteral(text.replaceAll("\\", "\\\\"))}`.trimStart()
    : quoteLiteral(text);
}

/** The object as COMMENT ON and DROP name it, such as `table "public"."orders"`. */
export function referTo(fact: Fact): string {
  const { id } = fact;
  switch (fact.kind) {
    case "column":
      return `column ${qualify(id.schema, id.within, id.name)}`;
    case "constraint":
      return `constraint ${quoteIdentifier(id.name)} on ${isOnDomain(fact) ? "domain " : ""}${ownerNameOf(id)}`;
    case "policy":
    case "rule":
    case "trigger":
      return `${fact.kind} ${quoteIdentifier(id.name)} on ${ownerNameOf(id)}`;
    case "index":
      return `index ${nameOf(id)}`;
    case "function":
    case "procedure":
      return `${fact.kind} ${nameOf(id)}(${id.signature ?? ""})`;
    case "aggregate":
      return `aggregate ${nameOf(id)}(${id.signature === undefined || id.signature === "" ? "*" : id.signature})`;
    case "operator":
      return `operator ${operatorName(id)} (${id.signature ?? ""})`;
    case "operator_class":
    case "operator_family":
      return `${words(fact.kind)} ${nameOf(id)} using ${quoteIdentifier(id.signature ?? "")}`;
    case "cast":
      return `cast (${id.signature ?? ""})`;
    case "transform":
      return `transform ${id.signature ?? ""}`;
    case "composite_type":
    case "enum":
    case "range":
    case "base_type":
      return `type ${nameOf(id)}`;
    default:
      return `${words(fact.kind)} ${nameOf(id)}`;
  }
}

/** An operator's name, which no quotes may surround. */
export function operatorName(id: ObjectId): string {
  return id.schema === undefined ? id.name : `${quoteIdentifier(id.schema)}.${id.name}`;
}

/** The kind as SQL calls it. */
export function words(kind: string): string {
  return kind.replaceAll("_", " ");
}

function isOnDomain(constraint: Fact): boolean {
  return constraint.parent?.startsWith("domain ") === true;
}
