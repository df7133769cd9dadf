import type { Fact, ObjectId, ObjectKind } from "../../model/catalog.ts";
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

/** A statement about the database itself, whose name is known to the server only and stands between both parts. */
export function ofDatabase(before: string, after: string): string {
  return `do $do$ begin execute ${quoteLiteral(before)} || quote_ident(current_database()) || ${quoteLiteral(after)}; end $do$`;
}

/** A text as a literal that reads the same whatever `standard_conforming_strings` is. */
export function literal(text: string): string {
  return text.includes("\\")
    ? ` E${quoteLiteral(text.replaceAll("\\", "\\\\"))}`.trimStart()
    : quoteLiteral(text);
}

/** The object as COMMENT ON and DROP name it, such as `table "public"."orders"`. */
export function referTo(fact: Fact): string {
  const refer = references[fact.kind];
  return refer === undefined ? `${words(fact.kind)} ${nameOf(fact.id)}` : refer(fact);
}

/** The object as GRANT names it; a column stands with its privileges and the table here. */
export function referInGrant(fact: Fact): string {
  return (grantReferences[fact.kind] ?? referTo)(fact);
}

type Refer = (fact: Fact) => string;

const onRelation: Refer = ({ kind, id }) => `${kind} ${quoteIdentifier(id.name)} on ${ownerNameOf(id)}`;
const routine: Refer = ({ kind, id }) => `${kind} ${nameOf(id)}(${id.signature ?? ""})`;
const userType: Refer = ({ id }) => `type ${nameOf(id)}`;
const inMethod: Refer = ({ kind, id }) =>
  `${words(kind)} ${nameOf(id)} using ${quoteIdentifier(id.signature ?? "")}`;

const asTable: Refer = ({ id }) => `table ${nameOf(id)}`;

const grantReferences: Readonly<Partial<Record<ObjectKind, Refer>>> = {
  aggregate: ({ id }) => `function ${nameOf(id)}(${id.signature ?? ""})`,
  column: ({ id }) => `table ${ownerNameOf(id)}`,
  foreign_table: asTable,
  materialized_view: asTable,
  server: ({ id }) => `foreign server ${nameOf(id)}`,
  view: asTable,
};

const references: Readonly<Partial<Record<ObjectKind, Refer>>> = {
  aggregate: ({ id, attributes }) => {
    const given = attributes["arguments"];
    return `aggregate ${nameOf(id)}(${typeof given === "string" && given !== "" ? given : "*"})`;
  },
  base_type: userType,
  cast: ({ id }) => `cast (${id.signature ?? ""})`,
  column: ({ id }) => `column ${qualify(id.schema, id.within, id.name)}`,
  composite_type: userType,
  constraint: (fact) =>
    `constraint ${quoteIdentifier(fact.id.name)} on ${isOnDomain(fact) ? "domain " : ""}${ownerNameOf(fact.id)}`,
  enum: userType,
  function: routine,
  operator: ({ id }) => `operator ${operatorName(id)} (${id.signature ?? ""})`,
  operator_class: inMethod,
  operator_family: inMethod,
  policy: onRelation,
  procedure: routine,
  range: userType,
  rule: onRelation,
  transform: ({ attributes }) =>
    `transform for ${String(attributes["type"])} language ${String(attributes["language"])}`,
  trigger: onRelation,
};

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
