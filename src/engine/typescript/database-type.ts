import { byEnglish } from "./by-english.ts";
import {
  describeFunctions,
  isFieldOf,
  listCallable,
  returnType,
  type CallableFunction,
  type FunctionSurroundings,
} from "./function-types.ts";
import { columnType, createTypeMap, isView, orNull } from "./map-type.ts";
import { findRelationships, type Relationship } from "./relationships.ts";
import type { SchemaSource, SourceColumn, SourceRelation } from "./schema-source.ts";
import {
  lines,
  literal,
  member,
  optional,
  tuple,
  union,
  word,
  type TsMember,
  type TsNode,
} from "./ts-node.ts";

interface Surroundings extends FunctionSurroundings {
  readonly relationships: readonly Relationship[];
}

/** The object type with a member for each schema, which is what `Database` is besides its internals. */
export function describeDatabase(source: SchemaSource): readonly TsMember[] {
  const columns = groupColumns(source.columns);
  const surroundings: Surroundings = {
    source,
    types: createTypeMap(source),
    columnsOf: (relation) => columns.get(relation) ?? [],
    relationships: findRelationships(source),
  };
  return schemasOf(source).map((schema) => member(schema, describeSchema(schema, surroundings)));
}

/** The schemas, in the order in which they are written. */
export function schemasOf({ schemas }: SchemaSource): readonly string[] {
  return [...schemas].toSorted(byEnglish);
}

/** The enums of one schema, in the order in which they are written. */
export function enumsOf(schema: string, { types }: SchemaSource): SchemaSource["types"] {
  return types
    .filter((type) => type.schema === schema && type.labels.length > 0)
    .toSorted((a, b) => byEnglish(a.name, b.name));
}

function groupColumns(columns: readonly SourceColumn[]): ReadonlyMap<number, readonly SourceColumn[]> {
  const groups = new Map<number, SourceColumn[]>();
  for (const column of columns.toSorted((a, b) => byEnglish(a.name, b.name))) {
    const known = groups.get(column.relation);
    if (known === undefined) groups.set(column.relation, [column]);
    else known.push(column);
  }
  return groups;
}

function describeSchema(schema: string, surroundings: Surroundings): TsNode {
  const { source, types } = surroundings;
  const relations = source.relations
    .filter((relation) => relation.schema === schema)
    .toSorted((a, b) => byEnglish(a.name, b.name));
  const functions = listCallable(schema, surroundings);
  const describe = (relation: SourceRelation) =>
    member(relation.name, describeRelation(relation, functions, surroundings));
  const composites = source.types
    .filter((type) => type.schema === schema && type.attributes.length > 0)
    .toSorted((a, b) => byEnglish(a.name, b.name));
  return lines([
    member("Tables", section(relations.filter((relation) => !isView(relation)).map(describe))),
    member("Views", section(relations.filter(isView).map(describe))),
    member("Functions", section(describeFunctions(functions, surroundings))),
    member(
      "Enums",
      section(enumsOf(schema, source).map(({ name, labels }) => member(name, union(labels.map(literal))))),
    ),
    member(
      "CompositeTypes",
      section(
        composites.map(({ name, attributes }) =>
          member(name, lines(attributes.map((each) => member(each.name, orNull(types.byId(each.type)))))),
        ),
      ),
    ),
  ]);
}

/** An empty section has no keys at all, where `{}` would take any. */
function section(members: readonly TsMember[]): TsNode {
  return lines(members.length === 0 ? [{ key: "[_ in never]", type: word("never") }] : members);
}

function describeRelation(
  relation: SourceRelation,
  functions: readonly CallableFunction[],
  surroundings: Surroundings,
): TsNode {
  const { types, columnsOf, relationships } = surroundings;
  const columns = columnsOf(relation.id);
  const typeOf = ({ type, type_schema: schema }: SourceColumn) => types.byName(type, schema);
  const fields = functions
    .filter((callable) => isFieldOf(callable, relation.id, types))
    .map((callable) => member(callable.fn.name, orNull(returnType(callable, surroundings))));
  const row = columns.map((column) =>
    member(column.name, columnType(typeOf(column), { isNullable: column.is_nullable })),
  );
  const own = relationships.filter(
    (each) => each.relation === relation.id && each.referencedSchema === relation.schema,
  );
  return lines([
    member("Row", lines([...row, ...fields])),
    ...describeWrites(relation, columns, typeOf),
    member("Relationships", tuple(own.map(describeRelationship))),
  ]);
}

type TypeOf = (column: SourceColumn) => TsNode;

function describeWrites(
  relation: SourceRelation,
  columns: readonly SourceColumn[],
  typeOf: TypeOf,
): readonly TsMember[] {
  if (isView(relation)) {
    const given = lines(columns.map((column) => describeViewWrite(column, typeOf)));
    return [
      ...(relation.can_insert ? [member("Insert", given)] : []),
      ...(relation.can_update ? [member("Update", given)] : []),
    ];
  }
  const write = (column: SourceColumn, isOptional: boolean) => {
    if (column.identity === "a" || column.is_generated) return optional(column.name, word("never"));
    const type = columnType(typeOf(column), { isNullable: column.is_nullable });
    return isOptional ? optional(column.name, type) : member(column.name, type);
  };
  const canBeLeftOut = (column: SourceColumn) =>
    column.is_nullable || column.identity !== "" || column.has_default;
  return [
    member("Insert", lines(columns.map((column) => write(column, canBeLeftOut(column))))),
    member("Update", lines(columns.map((column) => write(column, true)))),
  ];
}

function describeViewWrite(column: SourceColumn, typeOf: TypeOf): TsMember {
  return optional(column.name, column.is_updatable ? orNull(typeOf(column)) : word("never"));
}

function describeRelationship(relationship: Relationship): TsNode {
  return lines([
    member("foreignKeyName", literal(relationship.foreignKey)),
    member("columns", tuple(relationship.columns.map(literal))),
    member("isOneToOne", word(String(relationship.isOneToOne))),
    member("referencedRelation", literal(relationship.referencedName)),
    member("referencedColumns", tuple(relationship.referencedColumns.map(literal))),
  ]);
}
