import { byEnglish } from "./by-english.ts";
import type { SchemaSource, SourceRelation, SourceType } from "./schema-source.ts";
import { arrayOf, literal, union, word, type TsNode } from "./ts-node.ts";

/** Finds the TypeScript type of a type by its name, as PostgREST's JSON shows its values. */
export interface TypeMap {
  /** `preferred` is the schema that the type is in; another of that name serves where there is none. */
  readonly byName: (name: string, preferred: string) => TsNode;
  readonly byId: (id: number) => TsNode;
  readonly find: (id: number) => SourceType | undefined;
}

/** What a null may stand for besides: `unknown` includes it already. */
export function orNull(type: TsNode): TsNode {
  return isUnknown(type) ? type : union([type, word("null")]);
}

/** A column's type: `Json` includes null, which a column that is not null never is. */
export function columnType(type: TsNode, { isNullable }: { readonly isNullable: boolean }): TsNode {
  if (isNullable) return orNull(type);
  return type.kind === "word" && type.text === "Json" ? word("NonNullable<Json>") : type;
}

function isUnknown(type: TsNode): boolean {
  return type.kind === "word" && type.text === "unknown";
}

const scalars: Readonly<Record<string, string>> = {
  bool: "boolean",
  ...named("number", ["int2", "int4", "int8", "float4", "float8", "numeric"]),
  ...named("string", ["bytea", "bpchar", "varchar", "text", "citext", "uuid", "vector"]),
  ...named("string", ["date", "time", "timetz", "timestamp", "timestamptz", "interval"]),
  ...named("Json", ["json", "jsonb"]),
  void: "undefined",
  record: "Record<string, unknown>",
};

function named(to: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, to]));
}

/** Prepares the look-up of every type that the source knows. */
export function createTypeMap(source: SchemaSource): TypeMap {
  const types = [...source.types].toSorted(
    (a, b) => byEnglish(a.schema, b.schema) || byEnglish(a.name, b.name) || a.id - b.id,
  );
  const byIds = new Map(types.map((type) => [type.id, type]));
  const enums = groupByName(types.filter(({ labels }) => labels.length > 0));
  const composites = groupByName(types.filter(({ attributes }) => attributes.length > 0));
  const relations = groupByName(inOrder(source.relations));
  const isGenerated = (schema: string) => source.schemas.includes(schema);

  const byName = (name: string, preferred: string): TsNode => {
    if (Object.hasOwn(scalars, name)) return word(scalars[name] ?? "unknown");
    if (name.startsWith("_")) return arrayOf(byName(name.slice(1), preferred));
    const enumType = choose(enums.get(name), preferred);
    if (enumType !== undefined)
      return isGenerated(enumType.schema)
        ? reference(enumType, "Enums")
        : union(enumType.labels.map(literal));
    const composite = choose(composites.get(name), preferred);
    if (composite !== undefined)
      return isGenerated(composite.schema) ? reference(composite, "CompositeTypes") : word("unknown");
    const relation = choose(relations.get(name), preferred);
    if (relation === undefined) return word("unknown");
    return word(`${referenceText(relation, isView(relation) ? "Views" : "Tables")}["Row"]`);
  };
  return {
    byName,
    byId: (id) => {
      const type = byIds.get(id);
      return type === undefined ? word("unknown") : byName(type.name, type.schema);
    },
    find: (id) => byIds.get(id),
  };
}

/** Views and materialized views are generated under `Views`, all others under `Tables`. */
export function isView({ kind }: SourceRelation): boolean {
  return kind === "v" || kind === "m";
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

function choose<T extends Named>(candidates: readonly T[] | undefined, preferred: string): T | undefined {
  return candidates?.find(({ schema }) => schema === preferred) ?? candidates?.[0];
}

/** Where only the name decides, tables come before foreign tables, views and materialized views. */
function inOrder(relations: readonly SourceRelation[]): readonly SourceRelation[] {
  const rank = ({ kind }: SourceRelation) => "rpfvm".indexOf(kind === "p" ? "r" : kind);
  return [...relations].toSorted((a, b) => rank(a) - rank(b) || byEnglish(a.schema, b.schema));
}

function groupByName<T extends Named>(list: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const known = groups.get(item.name);
    if (known === undefined) groups.set(item.name, [item]);
    else known.push(item);
  }
  return groups;
}

function reference(target: Named, section: string): TsNode {
  return word(referenceText(target, section));
}

function referenceText({ schema, name }: Named, section: string): string {
  return `Database[${JSON.stringify(schema)}]["${section}"][${JSON.stringify(name)}]`;
}
