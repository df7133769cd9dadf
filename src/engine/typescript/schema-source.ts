/** What types are made of, as the catalog of one database has it. Ids are OIDs, of use within one source only. */
export interface SchemaSource {
  /** The schemas that were asked for and exist. */
  readonly schemas: readonly string[];
  /** All schemas that could have been asked for. */
  readonly existingSchemas: readonly string[];
  readonly relations: readonly SourceRelation[];
  readonly columns: readonly SourceColumn[];
  readonly functions: readonly SourceFunction[];
  /** Of every schema, because a column may use any. */
  readonly types: readonly SourceType[];
  readonly foreignKeys: readonly SourceForeignKey[];
  readonly views: readonly SourceView[];
}

export interface SourceRelation {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** `pg_class.relkind`: table, partitioned table, foreign table, view, materialized view. */
  readonly kind: "r" | "p" | "f" | "v" | "m";
  readonly can_insert: boolean;
  readonly can_update: boolean;
}

export interface SourceColumn {
  readonly relation: number;
  readonly number: number;
  readonly name: string;
  /** Of a domain, its base type. */
  readonly type: string;
  readonly type_schema: string;
  readonly is_nullable: boolean;
  readonly has_default: boolean;
  /** `pg_attribute.attidentity`: `a` always, `d` by default. */
  readonly identity: string;
  readonly is_generated: boolean;
  readonly is_updatable: boolean;
}

export interface SourceFunction {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly arguments: readonly SourceArgument[];
  /** As the server writes them; overloads are ordered by these. */
  readonly argument_text: string;
  readonly identity_text: string;
  readonly returns_text: string;
  readonly returns: number;
  /** The relation or composite type whose row it returns. */
  readonly returns_relation: number | null;
  readonly is_set: boolean;
  /** Rows that a set is expected to have; null for no set. */
  readonly rows: number | null;
}

export interface SourceArgument {
  /** `pg_proc.proargmodes`: in, out, inout, variadic, table. */
  readonly mode: "i" | "o" | "b" | "v" | "t";
  readonly name: string;
  readonly type: number;
  readonly has_default: boolean;
}

export interface SourceType {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** As the server writes it, without the schema where the search path has it. */
  readonly text: string;
  /** The relation whose row it is; null for others. */
  readonly relation: number | null;
  readonly labels: readonly string[];
  /** Of a composite type that is no relation's. */
  readonly attributes: readonly { readonly name: string; readonly type: number }[];
}

export interface SourceForeignKey {
  readonly name: string;
  readonly relation: number;
  readonly columns: readonly number[];
  readonly referenced: number;
  readonly referenced_schema: string;
  readonly referenced_name: string;
  readonly referenced_columns: readonly number[];
  /** The names of both lists, in the key's order. */
  readonly names: readonly string[];
  readonly referenced_names: readonly string[];
  /** True where the columns, in this order, are a primary or unique key of their table. */
  readonly is_one_to_one: boolean;
}

export interface SourceView {
  readonly id: number;
  readonly columns: readonly { readonly number: number; readonly name: string }[];
  /** The rule's query tree, as `pg_rewrite.ev_action` prints it. */
  readonly tree: string;
}
