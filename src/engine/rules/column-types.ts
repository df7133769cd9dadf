/** Types by how much they hold; a later one of a row holds every value of the earlier ones. */
const WIDENING: readonly (readonly string[])[] = [
  ["int2", "int4", "int8", "numeric"],
  ["float4", "float8"],
  ["date", "timestamp"],
  ["date", "timestamptz"],
  ["char", "varchar", "text"],
  ["bpchar", "varchar", "text"],
  ["json", "text"],
  ["json", "jsonb"],
];

const NAMES: Readonly<Record<string, string>> = {
  smallint: "int2",
  integer: "int4",
  int: "int4",
  bigint: "int8",
  real: "float4",
  "double precision": "float8",
  "character varying": "varchar",
  character: "bpchar",
  decimal: "numeric",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
};

interface PlainType {
  readonly name: string;
  readonly modifiers: readonly number[];
}

function toPlain(type: PlainType | string): PlainType {
  if (typeof type !== "string") return { ...type, name: NAMES[type.name] ?? type.name };
  const [, name = type, inner = "", rest = ""] = /^([^(]+)(?:\(([^)]*)\))?(.*)$/.exec(type) ?? [];
  const spelled = `${name}${rest}`;
  const modifiers = inner === "" ? [] : inner.split(",").map(Number);
  return { name: NAMES[spelled] ?? spelled, modifiers };
}

/** True where PostgreSQL changes the type in the catalog alone, without reading or rewriting the table. */
export function isFreeChange(from: PlainType | string, to: PlainType | string): boolean {
  const [old, next] = [toPlain(from), toPlain(to)];
  if (old.name === next.name) return isWiderModifier(old, next);
  const texts = ["varchar", "text"];
  return texts.includes(old.name) && texts.includes(next.name) && next.modifiers.length === 0;
}

function isWiderModifier(old: PlainType, next: PlainType): boolean {
  if (next.modifiers.length === 0) return true;
  if (old.modifiers.length === 0 || old.name === "bpchar")
    return String(old.modifiers) === String(next.modifiers) && old.modifiers.length > 0;
  const [size = 0, scale = 0] = old.modifiers;
  const [newSize = 0, newScale = 0] = next.modifiers;
  return newSize >= size && newScale === scale;
}

/** True where some value of the old type may not fit the new one; undefined where the two are not comparable. */
export function isNarrower(from: PlainType | string, to: PlainType | string): boolean | undefined {
  const [old, next] = [toPlain(from), toPlain(to)];
  if (old.name === next.name) return !isWiderModifier(old, next);
  const row = WIDENING.find((types) => types.includes(old.name) && types.includes(next.name));
  if (row === undefined) return undefined;
  if (row.indexOf(next.name) < row.indexOf(old.name)) return true;
  return next.modifiers.length > 0 && next.name !== "numeric";
}
