import type { SourceView } from "./schema-source.ts";

/** Where one column of a view comes from, as it is, from a table or another view. */
export interface ColumnOrigin {
  readonly relation: number;
  readonly column: number;
}

/** For each view, the columns that show one column of a table as it is; through views of the same list, too. */
export function traceViews(
  views: readonly SourceView[],
): ReadonlyMap<number, readonly { readonly name: string; readonly origins: readonly ColumnOrigin[] }[]> {
  const direct = new Map(views.map((view) => [view.id, readOrigins(view.tree)]));
  const trace = (origin: ColumnOrigin): readonly ColumnOrigin[] => {
    const further = direct.get(origin.relation)?.get(origin.column);
    return further === undefined ? [origin] : [origin, ...trace(further)];
  };
  return new Map(
    views.map(({ id, columns }) => [
      id,
      columns.flatMap(({ number, name }) => {
        const origin = direct.get(id)?.get(number);
        return origin === undefined ? [] : [{ name, origins: trace(origin) }];
      }),
    ]),
  );
}

/** The origin of each output column, by its number, from the outermost query's target list. */
function readOrigins(tree: string): ReadonlyMap<number, ColumnOrigin> {
  const entries = listTargetEntries(tree).flatMap((entry): readonly (readonly [number, ColumnOrigin])[] => {
    const number = (field: string) => Number(entry.get(field) ?? 0);
    const origin = { relation: number("resorigtbl"), column: number("resorigcol") };
    return origin.relation === 0 ? [] : [[number("resno"), origin]];
  });
  return new Map(entries);
}

/** A token of a printed node tree: a bracket, or a word in which `\` escapes the next character (src/backend/nodes/read.c). */
const tokens = /[(){}]|(?:\\[\s\S]|[^\s(){}\\])+/g;

/**
 * The scalar fields of each entry of the target list that belongs to the tree's first query. The printed tree is
 * `({QUERY … :targetList ({TARGETENTRY …} …) …})`, so that list stands two brackets deep.
 */
function listTargetEntries(tree: string): readonly ReadonlyMap<string, string>[] {
  const words = tree.match(tokens) ?? [];
  const entries: Map<string, string>[] = [];
  let depth = 0;
  let isInList = false;
  for (const [index, word] of words.entries()) {
    const isOpening = word === "(" || word === "{";
    if (isOpening) depth += 1;
    if (word === ")" || word === "}") depth -= 1;
    if (depth === 2 && word === ":targetList") isInList = true;
    else if (depth === 2 && isInList && word.startsWith(":")) return entries;
    if (!isInList) continue;
    if (word === "{" && depth === 4) entries.push(new Map());
    if (depth === 4 && word.startsWith(":")) entries.at(-1)?.set(word.slice(1), words[index + 1] ?? "");
  }
  return entries;
}
