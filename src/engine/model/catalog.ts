/** A value as the catalog shows it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Every kind of object that a catalog snapshot models. */
export type ObjectKind =
  | "access_method"
  | "aggregate"
  | "base_type"
  | "cast"
  | "collation"
  | "column"
  | "comment"
  | "composite_type"
  | "constraint"
  | "conversion"
  | "database"
  | "default"
  | "default_privilege"
  | "domain"
  | "enum"
  | "event_trigger"
  | "extension"
  | "foreign_data_wrapper"
  | "foreign_table"
  | "function"
  | "grant"
  | "index"
  | "language"
  | "materialized_view"
  | "operator"
  | "operator_class"
  | "operator_family"
  | "policy"
  | "procedure"
  | "publication"
  | "publication_schema"
  | "publication_table"
  | "range"
  | "rule"
  | "schema"
  | "security_label"
  | "sequence"
  | "server"
  | "setting"
  | "statistics"
  | "subscription"
  | "table"
  | "text_search_configuration"
  | "text_search_dictionary"
  | "text_search_parser"
  | "text_search_template"
  | "transform"
  | "trigger"
  | "user_mapping"
  | "view";

/** What an object is called: names only, never OIDs. */
export interface ObjectId {
  readonly kind: ObjectKind;
  /** Undefined for what lives in no schema, such as an extension. For a part of an object, the object's schema. */
  readonly schema?: string;
  /** The object that this is a part of: the relation of a column, constraint, trigger, policy or rule, the domain of a constraint, the table of an index. */
  readonly within?: string;
  /** Empty for what has no name of its own: a comment, a cast, a transform. */
  readonly name: string;
  /** What tells objects of one name apart: a routine's or operator's argument types, an operator class's access method, a cast's types. */
  readonly signature?: string;
  /** For a grant, a comment or a security label: the object it is on. */
  readonly on?: FactKey;
  /** For a grant, a default privilege or a user mapping. */
  readonly grantee?: Grantee;
}

/** Whom a privilege is given to; a role called `public` is not everyone. */
export type Grantee = { readonly kind: "everyone" } | { readonly kind: "role"; readonly name: string };

declare const factKeyBrand: unique symbol;

/** Canonical text of an `ObjectId`, such as `column "public"."orders"."total"`; made only by `factKey`. */
export type FactKey = string & { readonly [factKeyBrand]: true };

/** Whose an object is: the user's, a part of an extension, or the platform's own. */
export type Provenance = "user" | "platform" | `extension:${string}`;

/** One thing that is so in a database. What is absent or at its default has no attribute. */
export interface Fact {
  readonly key: FactKey;
  readonly kind: ObjectKind;
  readonly id: ObjectId;
  /** The object that this is a part of and disappears with. */
  readonly parent?: FactKey;
  /** What is compared, attribute by attribute. `owner` stands here, an option as `option.<name>`; comments and grants are facts of their own. */
  readonly attributes: Readonly<Record<string, Json>>;
  /** Place among its siblings, for writing them in their order; not compared. */
  readonly position?: number;
  /** The server's own statement that makes it (pg_get_functiondef and its like); not compared. */
  readonly statement?: string;
  /** What must exist before it, besides its parent; certain. Only keys of facts in the same catalog. */
  readonly dependsOn: readonly FactKey[];
  /** What its body seems to name; a guess, good for ordering only, and possibly circular. */
  readonly mayUse: readonly FactKey[];
  readonly provenance: Provenance;
}

/** An object that exists and that no kind models; never compared, always reported. */
export interface UnmodelledObject {
  /** As the server describes its type, such as `large object`. */
  readonly kind: string;
  readonly name: string;
}

/** Everything a database's schema consists of, at one moment. */
export interface Catalog {
  /** As `server_version_num`, such as 170010. */
  readonly serverVersion: number;
  /** The role that read it. */
  readonly currentRole: string;
  readonly facts: ReadonlyMap<FactKey, Fact>;
  readonly unmodelled: readonly UnmodelledObject[];
}

/** One difference between two catalogs; an absent attribute is undefined. */
export type Change =
  | { readonly kind: "added"; readonly key: FactKey; readonly fact: Fact }
  | { readonly kind: "removed"; readonly key: FactKey; readonly fact: Fact }
  | {
      readonly kind: "altered";
      readonly key: FactKey;
      readonly from: Fact;
      readonly to: Fact;
      readonly attribute: string;
      readonly before: Json | undefined;
      readonly after: Json | undefined;
    };

/** The canonical text of an id; two ids have one key only where they name the same object. */
export function factKey({ kind, schema, within, name, signature, on, grantee }: ObjectId): FactKey {
  const place = `${schema === undefined ? "" : `${quote(schema)}.`}${within === undefined ? "" : `${quote(within)}.`}`;
  const path = name === "" ? "" : ` ${place}${quote(name)}`;
  const detail = signature === undefined ? "" : ` (${signature})`;
  const target = on === undefined ? "" : ` on ${on}`;
  const receiver = grantee === undefined ? "" : ` to ${describeGrantee(grantee)}`;
  return `${kind}${path}${detail}${target}${receiver}` as FactKey;
}

/** The database itself, which is no fact; by no name, since what is compared may be called otherwise. */
export const databaseKey: FactKey = factKey({ kind: "database", name: "" });

function describeGrantee(grantee: Grantee): string {
  return grantee.kind === "everyone" ? "public" : quote(grantee.name);
}

function quote(name: string): string {
  return name.includes('"') ? `"${name.replaceAll('"', '""')}"` : `"${name}"`;
}
