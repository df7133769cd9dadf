/** Calls `visit` with each node of a parse tree, by its kind; iterative, so that depth is no limit. */
export function walkTree(
  root: unknown,
  visit: (kind: string, node: Readonly<Record<string, unknown>>) => void,
): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      for (const element of value) pending.push(element);
    } else if (isRecord(value)) {
      for (const [key, child] of Object.entries(value)) {
        if (isRecord(child)) visit(key, child);
        pending.push(child);
      }
    }
  }
}

/** The kind of a node, as libpg-query names it: the only key of its wrapper. */
export function kindOf(node: object): string {
  return Object.keys(node)[0] ?? "";
}

/** The texts of a list of `String` nodes, such as a qualified name. */
export function namesOf(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const text = isRecord(item) && isRecord(item["String"]) ? item["String"]["sval"] : undefined;
    return typeof text === "string" ? [text] : [];
  });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
