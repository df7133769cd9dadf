/** A TypeScript type as far as generated types need it. */
export type TsNode =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "union"; readonly of: readonly TsNode[] }
  | { readonly kind: "array"; readonly of: TsNode }
  | { readonly kind: "tuple"; readonly of: readonly TsNode[] }
  | { readonly kind: "and"; readonly of: readonly TsNode[] }
  | {
      readonly kind: "object";
      readonly members: readonly TsMember[];
      /** `lines`: each member on its own line even where all would fit on one. */
      readonly layout: "fit" | "lines";
    };

export interface TsMember {
  /** As written: see `toKey`. */
  readonly key: string;
  readonly type: TsNode;
  /** Lines of comment above it. */
  readonly comment?: readonly string[];
}

export function word(text: string): TsNode {
  return { kind: "word", text };
}

/** A string literal type. */
export function literal(text: string): TsNode {
  return word(quoteText(text));
}

/** A union of all; of one, that one. Unions within it are joined to it. */
export function union(of: readonly TsNode[]): TsNode {
  const flat = of.flatMap((node) => (node.kind === "union" ? node.of : [node]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind: "union", of: flat };
}

export function arrayOf(of: TsNode): TsNode {
  return { kind: "array", of };
}

export function tuple(of: readonly TsNode[]): TsNode {
  return { kind: "tuple", of };
}

/** An object type with each member on its own line. */
export function lines(members: readonly TsMember[]): TsNode {
  return { kind: "object", members, layout: "lines" };
}

/** An object type on one line where it fits. */
export function fitting(members: readonly TsMember[]): TsNode {
  return { kind: "object", members, layout: "fit" };
}

export function member(name: string, type: TsNode): TsMember {
  return { key: toKey(name), type };
}

export function optional(name: string, type: TsNode): TsMember {
  return { key: `${toKey(name)}?`, type };
}

/** A property's name, quoted only where it has to be. */
export function toKey(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : quoteText(name);
}

/** A string literal in the quotes that need fewer escapes, double ones where both are equal. */
export function quoteText(text: string): string {
  const escaped = JSON.stringify(text);
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles <= singles) return escaped;
  return `'${escaped
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`;
}
