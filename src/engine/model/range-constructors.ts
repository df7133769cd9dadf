import { factKey, type FactKey } from "./catalog.ts";

/** A function that the server makes with a range type: no object of the catalog, but with privileges of its own. */
export interface RangeConstructor {
  readonly key: FactKey;
  /** What GRANT and REVOKE call it. */
  readonly target: string;
}

/** The constructors of a range and of its multirange, in the order of their arguments (makeRangeConstructors and makeMultirangeConstructors, typecmds.c). */
export function rangeConstructors(range: {
  readonly schema: string;
  readonly name: string;
  readonly subtype: string;
  readonly multirangeSchema: string;
  readonly multirangeName: string;
}): readonly RangeConstructor[] {
  const { schema, name, subtype, multirangeSchema, multirangeName } = range;
  const own = `${quote(schema)}.${quote(name)}`;
  const multi = `${quote(multirangeSchema)}.${quote(multirangeName)}`;
  const toConstructor = (of: "range" | "multirange", signature: string): RangeConstructor => ({
    key: factKey({
      kind: "function",
      schema: of === "range" ? schema : multirangeSchema,
      name: of === "range" ? name : multirangeName,
      signature,
    }),
    target: `function ${of === "range" ? own : multi}(${signature})`,
  });
  return [
    toConstructor("range", `${subtype}, ${subtype}`),
    toConstructor("range", `${subtype}, ${subtype}, text`),
    toConstructor("multirange", ""),
    toConstructor("multirange", own),
    toConstructor("multirange", `variadic ${own}[]`),
  ];
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
