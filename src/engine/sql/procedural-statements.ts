import {
  firstTarget,
  noVariables,
  readVariables,
  textsOf,
  unknownName,
  type Variables,
} from "./dynamic-text.ts";
import { foldWord, isBlank, lex, type Token } from "./lex.ts";
import { parseStatements, type Node, type ParsedStatement } from "./parse.ts";

/** A statement inside a PL/pgSQL body; `start` is its UTF-16 offset in the body. */
export interface InnerStatement {
  readonly node: Node;
  readonly text: string;
  readonly start: number;
  /** True where EXECUTE runs it: what is only known at run time reads as `unknownName`. */
  readonly isDynamic: boolean;
}

/** Begins a command; what does not is control flow, a declaration or an assignment. */
const COMMANDS =
  /^(?:select|with|insert|update|delete|merge|truncate|drop|alter|create|grant|revoke|call|perform|execute|copy|lock|refresh|reindex|cluster|vacuum|set|reset|security|comment|notify|listen|commit|rollback|do|table|values|import|reassign|explain|analyze)$/;

/** Ends a piece of control flow, behind which a command may begin. */
const OPENERS = new Set(["begin", "then", "else", "loop", "declare"]);

interface Segment {
  readonly start: number;
  readonly end: number;
  /** True for what PL/pgSQL evaluates as `select <expression>`. */
  readonly isExpression?: true;
}

/** The SQL commands of a PL/pgSQL body, in their order, as far as they can be read; a body of any text is taken. */
export async function readProceduralBody(body: string): Promise<readonly InnerStatement[]> {
  const segments = segmentsOf(body);
  const isDynamic = segments.some(({ start }) => /^execute\b/i.test(body.slice(start, start + 8)));
  const variables = isDynamic ? await readVariables(body) : noVariables;
  const found: InnerStatement[] = [];
  for (const segment of segments) found.push(...(await readSegment(body, segment, variables)));
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
      segments.push(toSegment(tokens, at, end));
      at = end + 1;
    } else {
      segments.push(...queryOfLoop(body, tokens, at));
      const end = findAtDepth(body, { tokens, from: at, stop: (text) => text === ";" || OPENERS.has(text) });
      segments.push(...returnedQuery(body, { tokens, from: at, end }));
      segments.push(...assignedValue(body, { tokens, from: at, end }));
      at = end + 1;
    }
  }
  return segments;
}

function toSegment(tokens: readonly Token[], from: number, end: number): Segment {
  return { start: tokens[from]?.start ?? 0, end: tokens[end - 1]?.end ?? 0 };
}

/** `for r in <query> loop` runs its query. */
function queryOfLoop(body: string, tokens: readonly Token[], at: number): readonly Segment[] {
  if (wordOf(body, tokens[at]) !== "for") return [];
  const end = findAtDepth(body, { tokens, from: at, stop: (text) => text === "loop" || text === ";" });
  const from = tokens.findIndex((token, index) => index > at && index < end && wordOf(body, token) === "in");
  return from < 0 || !COMMANDS.test(wordOf(body, tokens[from + 1])) ? [] : [toSegment(tokens, from + 1, end)];
}

/** `return query <query>`, and `open c for <query>`. */
function returnedQuery(
  body: string,
  { tokens, from, end }: { readonly tokens: readonly Token[]; readonly from: number; readonly end: number },
): readonly Segment[] {
  if (wordOf(body, tokens[from]) !== "return" || wordOf(body, tokens[from + 1]) !== "query") return [];
  return [toSegment(tokens, from + 2, end)];
}

/** `total := <expression>`, also where it is declared: the expression may call a function. */
function assignedValue(
  body: string,
  { tokens, from, end }: { readonly tokens: readonly Token[]; readonly from: number; readonly end: number },
): readonly Segment[] {
  for (let at = from + 1; at < end; at += 1)
    if (body.slice(tokens[at]?.start, tokens[at]?.end) === ":=")
      return [{ ...toSegment(tokens, at + 1, end), isExpression: true }];
  return [];
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

async function readSegment(
  body: string,
  segment: Segment,
  variables: Variables,
): Promise<readonly InnerStatement[]> {
  const text = body.slice(segment.start, segment.end);
  const dynamic = /^execute\b/i.exec(text);
  if (dynamic !== null) return readDynamic(text.slice(dynamic[0].length), segment.start, variables);
  if (segment.isExpression && !text.includes("(")) return [];
  const sql = segment.isExpression ? `select ${text}` : text.replace(/^perform\b/i, "select ");
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

async function readDynamic(
  text: string,
  start: number,
  variables: Variables,
): Promise<readonly InnerStatement[]> {
  const tokens = lex(text);
  const end = findAtDepth(text, { tokens, from: 0, stop: (word) => word === "into" || word === "using" });
  const [query] = await parse(`select ${text.slice(0, tokens[end]?.start)}`);
  const texts = query === undefined ? [unknownName] : textsOf(firstTarget(query.node), variables);
  const found: InnerStatement[] = [];
  for (const each of texts) {
    const statements = await parse(each);
    // What cannot be read at all is told as a call of something unknown.
    const read = statements.length > 0 ? statements : await parse(`select ${unknownName}()`);
    found.push(...read.map(({ node, text }) => ({ node, text, start, isDynamic: true })));
  }
  return found;
}

async function parse(sql: string): Promise<readonly ParsedStatement[]> {
  const parsed = await parseStatements(sql);
  return parsed.kind === "parsed" ? parsed.statements : [];
}
