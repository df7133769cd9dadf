import { foldWord, isBlank, lex } from "./lex.ts";
import { parseStatements, type Node } from "./parse.ts";
import { isRecord, namesOf } from "./walk-tree.ts";

/** Stands in dynamic SQL for whatever is put in at run time. */
export const unknownName = "godwit_unknown";

/** The expressions that a PL/pgSQL body gives its variables, by name; a loop's record by `record.column`. */
export type Variables = ReadonlyMap<string, readonly unknown[]>;

export const noVariables: Variables = new Map();

/** A variable may be given many texts, and put together from others that are. */
const mostTexts = 16;

/** Every value that the body assigns to a variable, by itself, in a declaration, by INTO or by a loop over a query. */
export async function readVariables(body: string): Promise<Variables> {
  const variables = new Map<string, unknown[]>();
  for (const { names, expression } of assignmentsIn(body)) {
    const targets = targetsOf(await firstNode(`select ${expression}`));
    for (const [index, name] of names.entries()) {
      const value = targets[index]?.value;
      if (value !== undefined) variables.set(name, [...(variables.get(name) ?? []), value]);
    }
    const [record = ""] = names;
    for (const { alias, value } of targets)
      if (alias !== undefined)
        variables.set(`${record}.${alias}`, [...(variables.get(`${record}.${alias}`) ?? []), value]);
  }
  return variables;
}

interface Assignment {
  readonly names: readonly string[];
  readonly expression: string;
}

const NAME = String.raw`[a-z_]\w*`;
const GIVEN = new RegExp(
  String.raw`^(${NAME})(?:\s+(?:constant\s+)?[\w.]+(?:\s*\([^)]*\))?(?:\s*\[\])*(?:\s+not\s+null)?)?\s*(?::=|=|\bdefault\b)\s*(.+)$`,
  "is",
);
const LOOP = new RegExp(String.raw`^for\s+(${NAME})\s+in\s+select\s+(.+)$`, "is");
const INTO = new RegExp(
  String.raw`^select\s+(.+?)\s+into\s+(?:strict\s+)?(${NAME}(?:\s*,\s*${NAME})*)\b(.*)$`,
  "is",
);
const INTO_FIRST = new RegExp(
  String.raw`^select\s+into\s+(?:strict\s+)?(${NAME}(?:\s*,\s*${NAME})*)\s+(.+)$`,
  "is",
);

function assignmentsIn(body: string): readonly Assignment[] {
  return commandsOf(body).flatMap((text): readonly Assignment[] => {
    const [, given, value] = GIVEN.exec(text) ?? [];
    if (given !== undefined && value !== undefined) return [{ names: [foldWord(given)], expression: value }];
    const [, record, query] = LOOP.exec(text) ?? [];
    if (record !== undefined && query !== undefined)
      return [{ names: [foldWord(record)], expression: query }];
    const [, first, rest] = INTO_FIRST.exec(text) ?? [];
    if (first !== undefined && rest !== undefined) return [{ names: toNames(first), expression: rest }];
    const [, targets, names, behind = ""] = INTO.exec(text) ?? [];
    return targets === undefined || names === undefined
      ? []
      : [{ names: toNames(names), expression: `${targets} ${behind}` }];
  });
}

function toNames(list: string): readonly string[] {
  return list.split(",").map((name) => foldWord(name.trim()));
}

/** The body without comments, cut at every semicolon and behind every word that opens a list of commands. */
function commandsOf(body: string): readonly string[] {
  const commands: string[] = [];
  let text = "";
  for (const token of lex(body)) {
    const piece = body.slice(token.start, token.end);
    const word = foldWord(piece);
    if (piece === ";" || ["declare", "begin", "then", "else", "loop"].includes(word)) {
      commands.push(text.trim());
      text = "";
    } else text += isBlank(token) ? " " : piece;
  }
  return [...commands, text.trim()];
}

async function firstNode(sql: string): Promise<Node | undefined> {
  const parsed = await parseStatements(sql);
  return parsed.kind === "parsed" ? parsed.statements[0]?.node : undefined;
}

interface Target {
  readonly alias: string | undefined;
  readonly value: unknown;
}

function targetsOf(node: Node | undefined): readonly Target[] {
  if (node === undefined || !("SelectStmt" in node)) return [];
  return (node.SelectStmt.targetList ?? []).flatMap((each) =>
    "ResTarget" in each ? [{ alias: each.ResTarget.name, value: each.ResTarget.val }] : [],
  );
}

/** The first expression of a SELECT's list. */
export function firstTarget(node: Node | undefined): unknown {
  return targetsOf(node)[0]?.value;
}

/** The texts that an expression may build, with `unknownName` for what only the run shows; at least one, at most 16. */
export function textsOf(node: unknown, variables: Variables): readonly string[] {
  if (!isRecord(node)) return [unknownName];
  const constant = node["A_Const"];
  if (isRecord(constant))
    return [isRecord(constant["sval"]) ? String(constant["sval"]["sval"] ?? "") : unknownName];
  if (isRecord(node["TypeCast"])) return textsOf(node["TypeCast"]["arg"], variables);
  if (isRecord(node["ColumnRef"])) return textsOfVariable(node["ColumnRef"], variables);
  if (isRecord(node["SubLink"])) return textsOfQuery(node["SubLink"]["subselect"], variables);
  const operation = node["A_Expr"];
  if (isRecord(operation) && namesOf(operation["name"]).at(-1) === "||")
    return combine([operation["lexpr"], operation["rexpr"]], variables, (parts) => parts.join(""));
  return isRecord(node["FuncCall"]) ? textsOfCall(node["FuncCall"], variables) : [unknownName];
}

/** Each expression counts once on the way down, so that `q := q || …` comes to an end. */
function textsOfVariable(
  reference: Readonly<Record<string, unknown>>,
  variables: Variables,
): readonly string[] {
  const name = namesOf(reference["fields"]).join(".");
  const values = variables.get(name);
  if (values === undefined) return [unknownName];
  return some(
    values.flatMap((value) =>
      textsOf(value, new Map([...variables, [name, values.filter((other) => other !== value)]])),
    ),
  );
}

function textsOfQuery(query: unknown, variables: Variables): readonly string[] {
  const select = isRecord(query) ? query["SelectStmt"] : undefined;
  const [target] = isRecord(select) && Array.isArray(select["targetList"]) ? select["targetList"] : [];
  return isRecord(target) && isRecord(target["ResTarget"])
    ? textsOf(target["ResTarget"]["val"], variables)
    : [unknownName];
}

function textsOfCall(call: Readonly<Record<string, unknown>>, variables: Variables): readonly string[] {
  const args: readonly unknown[] = Array.isArray(call["args"]) ? call["args"] : [];
  const build = builders[namesOf(call["funcname"]).at(-1) ?? ""];
  return build === undefined ? [unknownName] : combine(args, variables, build);
}

type Builder = (parts: readonly string[]) => string;

const builders: Readonly<Record<string, Builder>> = {
  concat: (parts) => parts.join(""),
  concat_ws: ([separator = "", ...parts]) => parts.join(separator),
  format: ([pattern = "", ...values]) => formatText(pattern, values),
  string_agg: ([text = unknownName]) => text,
  replace: ([text = "", from = "", to = ""]) =>
    from === "" || text.includes(unknownName) ? text : text.replaceAll(from, to),
};

function combine(args: readonly unknown[], variables: Variables, build: Builder): readonly string[] {
  let rows: readonly (readonly string[])[] = [[]];
  for (const arg of args) {
    const texts = textsOf(arg, variables);
    rows = some(rows.flatMap((row) => texts.map((text) => [...row, text])));
  }
  return rows.map(build);
}

function some<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(0, mostTexts);
}

/** `format` as far as its arguments are constants; names are quoted, so that they stay one word. */
function formatText(pattern: string, values: readonly string[]): string {
  let next = 0;
  return pattern.replace(/%(?:(\d+)\$)?-?\d*([sIL%])/g, (_whole, place: string | undefined, kind: string) => {
    if (kind === "%") return "%";
    if (place !== undefined) next = Number(place) - 1;
    const value = values[next] ?? unknownName;
    next += 1;
    if (kind === "L") return `'${value.replaceAll("'", "''")}'`;
    return kind === "I" ? `"${value.replaceAll('"', '""')}"` : value;
  });
}
