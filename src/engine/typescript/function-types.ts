import { byEnglish } from "./by-english.ts";
import { columnType, type TypeMap } from "./map-type.ts";
import type { SchemaSource, SourceArgument, SourceColumn, SourceFunction } from "./schema-source.ts";
import {
  arrayOf,
  fitting,
  lines,
  literal,
  member,
  optional,
  union,
  word,
  type TsMember,
  type TsNode,
} from "./ts-node.ts";

/** A function that PostgREST can call. */
export interface CallableFunction {
  readonly fn: SourceFunction;
  /** All arguments, by name. */
  readonly all: readonly SourceArgument[];
  /** Those that a caller gives. */
  readonly given: readonly SourceArgument[];
}

export interface FunctionSurroundings {
  readonly source: SchemaSource;
  readonly types: TypeMap;
  /** Columns of a relation of these schemas, by name. */
  readonly columnsOf: (relation: number) => readonly SourceColumn[];
}

/** OIDs of json, jsonb and text: the types that a single argument without a name may have (PostgREST, "Functions with a single unnamed parameter"). */
const bodyTypes: ReadonlySet<number> = new Set([114, 3802, 25]);

/** The functions of one schema that PostgREST can call, by name, overloads by their arguments. */
export function listCallable(
  schema: string,
  { source, types }: FunctionSurroundings,
): readonly CallableFunction[] {
  return source.functions
    .filter((fn) => fn.schema === schema)
    .toSorted(
      (a, b) => byEnglish(a.name, b.name) || byEnglish(a.identity_text, b.identity_text) || a.id - b.id,
    )
    .map((fn) => {
      const all = [...fn.arguments].toSorted((a, b) => byEnglish(a.name, b.name));
      return { fn, all, given: all.filter(({ mode }) => "ibv".includes(mode)) };
    })
    .filter(({ given }) => isCallable(given, types));
}

/** Arguments are given by name; without one, a whole body or the row of a relation is. */
function isCallable(given: readonly SourceArgument[], types: TypeMap): boolean {
  const unnamed = given.filter(({ name }) => name === "");
  if (unnamed.every(({ type, has_default: hasDefault }) => hasDefault && bodyTypes.has(type))) return true;
  const [only] = unnamed;
  return given.length === 1 && only !== undefined && (bodyTypes.has(only.type) || isRow(only, types));
}

function isRow({ type }: SourceArgument, types: TypeMap): boolean {
  return (types.find(type)?.relation ?? null) !== null;
}

/** True where the function is a computed field of the relation: it takes one argument, a row of it. */
export function isFieldOf({ given }: CallableFunction, relation: number, types: TypeMap): boolean {
  const [only] = given;
  return given.length === 1 && only !== undefined && types.find(only.type)?.relation === relation;
}

/** One member for each name, its overloads as a union. */
export function describeFunctions(
  functions: readonly CallableFunction[],
  surroundings: FunctionSurroundings,
): readonly TsMember[] {
  const names = [...new Set(functions.map(({ fn }) => fn.name))];
  return names.map((name) => {
    const overloads = functions
      .filter(({ fn }) => fn.name === name)
      .toSorted(
        (a, b) =>
          byEnglish(a.fn.argument_text, b.fn.argument_text) ||
          byEnglish(a.fn.returns_text, b.fn.returns_text),
      );
    return member(name, union(overloads.map((each) => describeFunction(each, overloads, surroundings))));
  });
}

function describeFunction(
  callable: CallableFunction,
  overloads: readonly CallableFunction[],
  surroundings: FunctionSurroundings,
): TsNode {
  const { fn, given } = callable;
  const { types } = surroundings;
  const refusal = describeConflict(callable, overloads, types) ?? describeLoneRow(callable, surroundings);
  const row = rowNameOf(fn, surroundings);
  const isOneRow = !(fn.rows !== null && fn.rows > 1);
  const result =
    refusal === undefined
      ? returnType(callable, surroundings)
      : ({ kind: "and", of: [fitting([member("error", word("true"))]), literal(refusal)] } as const);
  const setOptions = describeSetOptions(callable, row, types);
  return fitting([
    member("Args", given.length === 0 ? word("Record<PropertyKey, never>") : describeArguments(given, types)),
    // One row of a set is told as such only together with the options from which the client learns of the set.
    member("Returns", fn.is_set && !(isOneRow && row !== undefined) ? arrayOf(result) : result),
    ...(setOptions === undefined ? [] : [member("SetofOptions", setOptions)]),
  ]);
}

function describeArguments(given: readonly SourceArgument[], types: TypeMap): TsNode {
  return fitting(
    given.map(({ name, type, has_default: hasDefault }) =>
      (hasDefault ? optional : member)(name, types.byId(type)),
    ),
  );
}

/** What the function returns, of a set one element. */
export function returnType(
  { fn, all }: CallableFunction,
  { source, types, columnsOf }: FunctionSurroundings,
): TsNode {
  const table = all.filter(({ mode }) => mode === "t");
  if (table.length > 0) return lines(table.map(({ name, type }) => member(name, types.byId(type))));
  // A row of another schema's relation is referred to by its name there.
  const relation = source.relations.find(
    ({ id, schema }) => id === fn.returns_relation && schema === fn.schema,
  );
  if (relation === undefined) return types.byId(fn.returns);
  return lines(
    columnsOf(relation.id).map(({ name, type, type_schema: schema, is_nullable: isNullable }) =>
      member(name, columnType(types.byName(type, schema), { isNullable })),
    ),
  );
}

/** The relation or composite type whose rows it returns. */
function rowNameOf(fn: SourceFunction, { source, types }: FunctionSurroundings): string | undefined {
  if (fn.returns_relation === null) return undefined;
  const relation = source.relations.find(({ id }) => id === fn.returns_relation);
  return relation?.name ?? types.find(fn.returns)?.name;
}

function describeSetOptions(
  { fn, all }: CallableFunction,
  row: string | undefined,
  types: TypeMap,
): TsNode | undefined {
  if (row === undefined) return undefined;
  const isOneRow = !(fn.rows !== null && fn.rows > 1);
  const [only] = all;
  const from =
    all.length === 1 && only !== undefined && isRow(only, types) ? types.find(only.type)?.text : undefined;
  return lines([
    member("from", from === undefined ? literal("*") : literal(from)),
    member("to", literal(row)),
    member("isOneToOne", word(String(isOneRow))),
    member("isSetofReturn", word(String(fn.is_set))),
  ]);
}

/** The sentence for a function of one row that cannot be embedded, as it returns no row itself. */
function describeLoneRow(
  { fn, given }: CallableFunction,
  surroundings: FunctionSurroundings,
): string | undefined {
  const [only] = given;
  const isLone = given.length === 1 && only?.name === "" && isRow(only, surroundings.types);
  if (!isLone || rowNameOf(fn, surroundings) !== undefined) return undefined;
  return `the function ${fn.schema}.${fn.name} with parameter or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache`;
}

/** The sentence for overloads between which PostgREST cannot choose by the names of the arguments. */
function describeConflict(
  { fn, given }: CallableFunction,
  overloads: readonly CallableFunction[],
  types: TypeMap,
): string | undefined {
  const others = overloads.filter((other) => other.fn !== fn && other.given.length <= 1);
  const place = `${fn.schema}.${fn.name}`;
  const nameOf = (type: number) => types.find(type)?.name ?? "unknown";
  const [only] = given;
  if (given.length === 0) {
    const rival = others.find((other) => other.given[0]?.name === "" && other.given[0].has_default);
    return rival === undefined
      ? undefined
      : describeChoice([`${place}()`, `${place}( => ${nameOf(rival.fn.returns)})`]);
  }
  if (only === undefined || given.length !== 1 || only.name === "") return undefined;
  const rivals = others
    .flatMap((other) => other.given)
    .filter(({ name, type }) => name === only.name && type !== only.type);
  if (rivals.length === 0) return undefined;
  const candidates = [only, ...rivals].toSorted((a, b) => a.type - b.type);
  return describeChoice(candidates.map(({ name, type }) => `${place}(${name} => ${nameOf(type)})`));
}

function describeChoice(candidates: readonly string[]): string {
  return `Could not choose the best candidate function between: ${candidates.join(", ")}. Try renaming the parameters or the function itself in the database so function overloading can be resolved`;
}
