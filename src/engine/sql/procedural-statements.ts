import { foldWord, isBlank, lex, type Token } from "./lex.ts";
import { parseStatements, type Node, type ParsedStatement } from "./parse.ts";
import { isRecord, namesOf } from "./walk-tree.ts";

/** A statement inside a PL/pgSQL body; `start` is its UTF-16 offset in the body. */
export interface InnerStatement {
  readonly node: Node;
  readonly text: string;
  readonly start: number;
  /** True where EXECUTE runs it: what is only known at run time reads as `unknownName`. */
  readonly isDynamic: boolean;
}

/** Stands in dynamic SQL for whatever is put in at run time. */
export const unknownName = "godwit_unknown";

/** Begins a command; what does not is control flow, a declaration or an assignment. */
const COMMANDS =
  /^(?:select|with|insert|update|delete|merge|truncate|drop|alter|create|grant|revoke|call|perform|execute|copy|lock|refresh|reindex|cluster|vacuum|set|reset|security|comment|notify|listen|commit|rollback|do|table|values|import|reassign|explain|analyze)$/;

/** Ends a piece of control flow, behind which a command may begin. */
const OPENERS = new Set(["begin", "then", "else", "loop", "declare"]);

interface Segment {
  readonly start: number;
  readonly end: number;
  readonly isQuery: boolean;
}

/** The SQL commands of a PL/pgSQL body, in their order, as far as they can be read; a body of any text is taken. */
export async function readProceduralBody(body: string): Promise<readonly InnerStatement[]> {
  const found: InnerStatement[] = [];
  for (const segment of segmentsOf(body)) found.push(...(await readSegment(body, segment)));
  return found;
}

function segmentsOf(body: string): readonly Segment[] {
  const tokens = lex(body).filter((token) => !isBlank(token));
  const segments: Segment[] = [];
  let at = 0;
  while (at < tokens.length) {
    const word = wordOf(body, tokens[at]);
    if (COMMANDS.test(word)) {
      const end = findAtDepth(body, { tokens, from: at, stop: (text) => text === ";" });
      segments.push(toSegment(tokens, at, end, false));
      at = end + 1;
    } else {
      segments.push(...queryOfLoop(body, tokens, at));
      const end = findAtDepth(body, { tokens, from: at, stop: (text) => text === ";" || OPENERS.has(text) });
      segments.push(...returnedQuery(body, { tokens, from: at, end }));
      at = end + 1;
    }
  }
  return segments;
}

function toSegment(tokens: readonly Token[], from: number, end: number, isQuery: boolean): Segment {
  return { start: tokens[from]?.start ?? 0, end: tokens[end - 1]?.end ?? 0, isQuery };
}

/** `for r in <query> loop` runs its query. */
function queryOfLoop(body: string, tokens: readonly Token[], at: number): readonly Segment[] {
  if (wordOf(body, tokens[at]) !== "for") return [];
  const end = findAtDepth(body, { tokens, from: at, stop: (text) => text === "loop" || text === ";" });
  const from = tokens.findIndex((token, index) => index > at && index < end && wordOf(body, token) === "in");
  return from < 0 || !COMMANDS.test(wordOf(body, tokens[from + 1]))
    ? []
    : [toSegment(tokens, from + 1, end, true)];
}

/** `return query <query>`, and `open c for <query>`. */
function returnedQuery(
  body: string,
  { tokens, from, end }: { readonly tokens: readonly Token[]; readonly from: number; readonly end: number },
): readonly Segment[] {
  if (wordOf(body, tokens[from]) !== "return" || wordOf(body, tokens[from + 1]) !== "query") return [];
  return [toSegment(tokens, from + 2, end, true)];
}

function findAtDepth(
  body: string,
  {
    tokens,
    from,
    stop,
  }: {
    readonly tokens: readonly Token[];
    readonly from: number;
    readonly stop: (text: string) => boolean;
  },
): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const text = wordOf(body, tokens[at]);
    if (text === "(") depth += 1;
    else if (text === ")") depth -= 1;
    else if (depth <= 0 && stop(text)) return at;
  }
  return tokens.length;
}

function wordOf(body: string, token: Token | undefined): string {
  if (token === undefined || token.end - token.start > 20) return "";
  return foldWord(body.slice(token.start, token.end));
}

async function readSegment(body: string, segment: Segment): Promise<readonly InnerStatement[]> {
  const text = body.slice(segment.start, segment.end);
  const dynamic = /^execute\b/i.exec(text);
  if (dynamic !== null) return readDynamic(text.slice(dynamic[0].length), segment.start);
  const sql = text.replace(/^perform\b/i, "select ");
  const statements = await parse(withoutInto(sql));
  return statements.map(({ node }) => ({ node, text, start: segment.start, isDynamic: false }));
}

/** `select … into x` fills a variable here; as SQL it would make a table. */
function withoutInto(sql: string): string {
  if (!/^(?:select|with|insert|update|delete|merge)\b/i.test(sql)) return sql;
  const tokens = lex(sql);
  const at = tokens.findIndex(
    (token, index) =>
      wordOf(sql, token) === "into" && !/^(?:insert|merge)$/.test(previousWord(sql, tokens, index)),
  );
  const into = tokens[at];
  if (into === undefined) return sql;
  const after = sql.slice(into.end);
  const names = /^\s*(?:strict\s+)?[\w".$[\]]+(?:\s*,\s*[\w".$[\]]+)*/i.exec(after)?.[0] ?? "";
  return `${sql.slice(0, into.start)} ${after.slice(names.length)}`;
}

function previousWord(sql: string, tokens: readonly Token[], index: number): string {
  const before = tokens.slice(0, index).findLast((token) => !isBlank(token));
  return wordOf(sql, before);
}

async function readDynamic(expression: string, start: number): Promise<readonly InnerStatement[]> {
  const plain = expression.replace(/\b(?:into|using)\b[^']*$/i, "");
  const [statement] = await parse(`select ${plain}`);
  const text = statement === undefined ? undefined : textOf(firstTarget(statement.node));
  if (text === undefined) return [];
  const statements = await parse(text);
  return statements.map((each) => ({ node: each.node, text: each.text, start, isDynamic: true }));
}

async function parse(sql: string): Promise<readonly ParsedStatement[]> {
  const parsed = await parseStatements(sql);
  return parsed.kind === "parsed" ? parsed.statements : [];
}

function firstTarget(node: Node): unknown {
  if (!("SelectStmt" in node)) return undefined;
  const [target] = node.SelectStmt.targetList ?? [];
  return target !== undefined && "ResTarget" in target ? target.ResTarget.val : undefined;
}

/** The text that an expression builds, with `unknownName` for what only the run shows. */
function textOf(node: unknown): string {
  if (!isRecord(node)) return unknownName;
  const constant = node["A_Const"];
  if (isRecord(constant))
    return isRecord(constant["sval"]) ? String(constant["sval"]["sval"] ?? "") : unknownName;
  const operation = node["A_Expr"];
  if (isRecord(operation) && namesOf(operation["name"]).at(-1) === "||")
    return `${textOf(operation["lexpr"])}${textOf(operation["rexpr"])}`;
  const call = node["FuncCall"];
  if (!isRecord(call)) return unknownName;
  const args: readonly unknown[] = Array.isArray(call["args"]) ? call["args"] : [];
  const name = namesOf(call["funcname"]).at(-1);
  if (name === "concat") return args.map(textOf).join("");
  if (name !== "format") return unknownName;
  return formatText(textOf(args[0]), args.slice(1).map(textOf));
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
