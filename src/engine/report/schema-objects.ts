import type { Catalog, Fact, FactKey, ObjectKind } from "../model/catalog.ts";
import type { SchemaDetail, SchemaObject } from "../model/schema-report.ts";
import { quoteWhereNeeded } from "../sql/quote.ts";

/** What a catalog holds, ready for describing: parts by the object they belong to. */
export interface SchemaView {
  readonly partsOf: (fact: Fact, kind: ObjectKind) => readonly Fact[];
  readonly commentOf: (fact: Fact) => string | undefined;
  readonly defaultOf: (column: Fact) => string | undefined;
}

/** Indexes a catalog once for `toSchemaObject`. */
export function viewSchema({ facts }: Catalog): SchemaView {
  const parts = new Map<string, Fact[]>();
  const comments = new Map<FactKey, string>();
  const defaults = new Map<FactKey, string>();
  for (const fact of facts.values()) {
    if (fact.kind === "comment" && fact.id.on !== undefined && fact.id.signature === undefined)
      comments.set(fact.id.on, textOf(fact, "text") ?? "");
    if (fact.parent === undefined) continue;
    if (fact.kind === "default") defaults.set(fact.parent, textOf(fact, "expression") ?? "");
    const place = `${fact.kind} ${fact.parent}`;
    const known = parts.get(place);
    if (known === undefined) parts.set(place, [fact]);
    else known.push(fact);
  }
  return {
    partsOf: ({ key }, kind) => (parts.get(`${kind} ${key}`) ?? []).toSorted(byPlace),
    commentOf: ({ key }) => comments.get(key),
    defaultOf: ({ key }) => defaults.get(key),
  };
}

/** One object in the words of SQL, as fully as asked for. */
export function toSchemaObject(fact: Fact, detail: SchemaDetail, view: SchemaView): SchemaObject {
  const named = { kind: fact.kind.replaceAll("_", " "), name: nameOf(fact) };
  const rls = fact.kind === "table" ? { rls: rlsOf(fact) } : {};
  if (detail === "names") return { ...named, ...rls };
  return withoutEmpty({
    ...named,
    ...rls,
    ...(detail === "columns" && fact.attributes["partitionOf"] !== undefined
      ? { partition_of: nameOfKey(fact.attributes["partitionOf"]) }
      : describeParts(fact, detail, view)),
    ...(detail === "full" ? { definition: definitionOf(fact), comment: view.commentOf(fact) } : {}),
    ...describeOwn(fact),
  });
}

function describeParts(fact: Fact, detail: SchemaDetail, view: SchemaView): Partial<SchemaObject> {
  const isFull = detail === "full";
  const parentTable = fact.attributes["partitionOf"];
  return {
    ...(parentTable === undefined ? {} : { partition_of: nameOfKey(parentTable) }),
    columns: view.partsOf(fact, "column").map((column) => describeColumn(column, isFull, view)),
    constraints: view.partsOf(fact, "constraint").map((part) => describeDefined(part, isFull)),
    indexes: view.partsOf(fact, "index").map((part) => describeIndex(part)),
    policies: view.partsOf(fact, "policy").map((part) => describePolicy(part, isFull)),
    triggers: view
      .partsOf(fact, "trigger")
      .map((part) => (isFull ? describeDefined(part, true) : quoteWhereNeeded(part.id.name))),
  };
}

function describeColumn(column: Fact, isFull: boolean, view: SchemaView): string {
  const { attributes } = column;
  const preset = view.defaultOf(column);
  const identity = textOf(column, "identity");
  const generated = textOf(column, "generated");
  const comment = isFull ? view.commentOf(column) : undefined;
  return [
    `${quoteWhereNeeded(column.id.name)} ${textOf(column, "type") ?? ""}`,
    attributes["notNull"] === true ? "not null" : "",
    preset === undefined ? "" : `default ${preset}`,
    identity === undefined ? "" : `generated ${identity} as identity`,
    generated === undefined ? "" : `generated always as (${textOf(column, "expression") ?? ""}) ${generated}`,
    comment === undefined ? "" : `-- ${comment}`,
  ]
    .filter((word) => word !== "")
    .join(" ");
}

function describeDefined(part: Fact, isFull: boolean): string {
  const suffixes = [part.attributes["notValid"] === true ? " NOT VALID" : ""];
  const definition = `${textOf(part, "definition") ?? ""}${suffixes.join("")}`;
  return isFull ? `${quoteWhereNeeded(part.id.name)} ${definition}` : definition;
}

function describeIndex(index: Fact): string {
  const unique = index.attributes["unique"] === true ? "unique " : "";
  const invalid = index.attributes["invalid"] === true ? " (invalid)" : "";
  return `${unique}${quoteWhereNeeded(index.id.name)} ${textOf(index, "definition") ?? ""}${invalid}`;
}

function describePolicy(policy: Fact, isFull: boolean): string {
  const roles = policy.attributes["roles"];
  const [using, check] = [textOf(policy, "using"), textOf(policy, "check")];
  return [
    quoteWhereNeeded(policy.id.name),
    policy.attributes["restrictive"] === true ? "restrictive" : "",
    `for ${textOf(policy, "command") ?? "all"}`,
    `to ${Array.isArray(roles) ? roles.join(", ") : "public"}`,
    isFull && using !== undefined ? `using (${using})` : "",
    isFull && check !== undefined ? `with check (${check})` : "",
  ]
    .filter((word) => word !== "")
    .join(" ");
}

/** What one kind has and others have not. */
function describeOwn(fact: Fact): Partial<SchemaObject> {
  const { attributes, kind } = fact;
  if (kind === "function" || kind === "procedure") {
    const returns = textOf(fact, "returns");
    return {
      ...(returns === undefined ? {} : { returns }),
      traits: [
        textOf(fact, "language") ?? "",
        textOf(fact, "volatility") ?? "",
        attributes["securityDefiner"] === true ? "security definer" : "",
      ].filter((trait) => trait !== ""),
    };
  }
  if (kind === "view")
    return { traits: isOn(textOf(fact, "option.security_invoker")) ? ["security invoker"] : [] };
  if (kind === "enum") return { values: textsOf(fact, "labels") };
  if (kind === "domain")
    return {
      definition: `${textOf(fact, "base") ?? ""}${attributes["notNull"] === true ? " not null" : ""}`,
    };
  return {};
}

/** As PostgreSQL reads a boolean option (parse_bool). */
function isOn(option: string | undefined): boolean {
  return option !== undefined && /^(?:on|1|t|tr|tru|true|y|ye|yes)$/i.test(option);
}

function definitionOf(fact: Fact): string | undefined {
  return fact.statement ?? textOf(fact, "definition");
}

function rlsOf({ attributes }: Fact): "on" | "forced" | "off" {
  if (attributes["rowSecurity"] !== true) return "off";
  return attributes["forceRowSecurity"] === true ? "forced" : "on";
}

function nameOf(fact: Fact): string {
  const name = quoteWhereNeeded(fact.id.name);
  const qualified = fact.id.schema === undefined ? name : `${quoteWhereNeeded(fact.id.schema)}.${name}`;
  if (fact.kind !== "function" && fact.kind !== "procedure" && fact.kind !== "aggregate") return qualified;
  return `${qualified}(${textOf(fact, "arguments") ?? fact.id.signature ?? ""})`;
}

/** A link holds the key of its object, such as `table "public"."orders"`. */
function nameOfKey(key: unknown): string {
  return String(key).replace(/^[a-z_]+ /, "");
}

function byPlace(a: Fact, b: Fact): number {
  return (a.position ?? 0) - (b.position ?? 0) || (a.id.name < b.id.name ? -1 : 1);
}

function textOf({ attributes }: Fact, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === "string" ? value : undefined;
}

function textsOf({ attributes }: Fact, name: string): readonly string[] {
  const value = attributes[name];
  return Array.isArray(value) ? value.map(String) : [];
}

type Described = Pick<SchemaObject, "kind" | "name"> & {
  readonly [Key in keyof SchemaObject]?: SchemaObject[Key] | undefined;
};

function withoutEmpty(given: Described): SchemaObject {
  const kept = Object.entries(given).filter(
    ([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0),
  );
  return { kind: given.kind, name: given.name, ...Object.fromEntries(kept) };
}
