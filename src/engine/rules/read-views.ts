import { classifyStatement } from "../sql/classify.ts";
import type { Node } from "../sql/parse.ts";
import { parseStatements } from "../sql/parse.ts";
import { positionFinder } from "../sql/position.ts";
import type { PlannedPiece } from "../sql/plan-statements.ts";
import { readProceduralBody } from "../sql/procedural-statements.ts";
import { isRecord, namesOf, walkTree } from "../sql/walk-tree.ts";
import { functionCalls } from "./expressions.ts";
import type { LiveSchema } from "./live-schema.ts";
import { keyOf, nameOfList } from "./names.ts";
import type { StatementView } from "./statement-view.ts";

/** A body runs others: those of the file's own functions are followed this deep. */
const deepestCall = 4;

/** The statements of a migration in the order in which they run, those of DO blocks and of called functions among them. */
export async function readViews(
  sql: string,
  pieces: readonly PlannedPiece[],
  live: LiveSchema | undefined,
): Promise<readonly StatementView[]> {
  const own = pieces.flatMap((piece, index) => toView(sql, piece, index));
  const bodies = collectBodies(own, live);
  const views: StatementView[] = [];
  for (const view of own) {
    views.push(view);
    views.push(...(await readInside(view, { sql, bodies, depth: 0 })));
  }
  return views;
}

function toView(sql: string, piece: PlannedPiece, index: number): readonly StatementView[] {
  if (piece.kind === "comment") return [];
  const { node, classification, line, column, bodyStart, start, text } = piece;
  return [
    {
      node,
      classification,
      line,
      column,
      text: sql.slice(bodyStart, start + text.length),
      statement: index + 1,
      place: "file",
    },
  ];
}

interface Body {
  readonly language: string;
  readonly text: string | undefined;
  /** BEGIN ATOMIC: statements that are parsed already. */
  readonly nodes: readonly Node[];
}

interface Surroundings {
  readonly sql: string;
  readonly bodies: (key: string) => Body | undefined;
  readonly depth: number;
}

function collectBodies(
  views: readonly StatementView[],
  live: LiveSchema | undefined,
): (key: string) => Body | undefined {
  const own = new Map<string, Body>();
  for (const { node } of views)
    if ("CreateFunctionStmt" in node)
      own.set(keyOf(nameOfList(node.CreateFunctionStmt.funcname)), bodyOf(node));
  const known = new Map<string, Body>();
  for (const fact of [...(live?.all("function") ?? []), ...(live?.all("procedure") ?? [])]) {
    const { language, body } = fact.attributes;
    if (fact.provenance === "user" && typeof body === "string" && typeof language === "string")
      known.set(`${fact.id.schema ?? ""}.${fact.id.name}`, { language, text: body, nodes: [] });
  }
  return (key) => own.get(key) ?? known.get(key);
}

async function readInside(view: StatementView, around: Surroundings): Promise<readonly StatementView[]> {
  if (around.depth >= deepestCall) return [];
  const direct = "DoStmt" in view.node ? await readBody(view, doBody(view.node), around) : [];
  const called: StatementView[] = [];
  for (const key of calledBy(view.node)) {
    const body = around.bodies(key);
    if (body !== undefined) called.push(...(await readBody(view, body, around)));
  }
  return [...direct, ...called];
}

async function readBody(
  view: StatementView,
  body: Body,
  around: Surroundings,
): Promise<readonly StatementView[]> {
  const place = "DoStmt" in view.node ? "block" : "function";
  const found: StatementView[] = [];
  for (const { node, text, at } of await statementsOf(body)) {
    const { line, column } = placeOf(view, body.text, at);
    const inner: StatementView = {
      node,
      text,
      classification: classifyStatement({ node }),
      statement: view.statement,
      place,
      line,
      column,
    };
    found.push(inner, ...(await readInside(inner, { ...around, depth: around.depth + 1 })));
  }
  return found;
}

interface Inner {
  readonly node: Node;
  readonly text: string;
  readonly at: number;
}

async function statementsOf({ language, text, nodes }: Body): Promise<readonly Inner[]> {
  if (nodes.length > 0) return nodes.map((node) => ({ node, text: "", at: 0 }));
  if (text === undefined) return [];
  if (language === "plpgsql")
    return (await readProceduralBody(text)).map(({ node, text, start }) => ({ node, text, at: start }));
  if (language !== "sql") return [];
  const parsed = await parseStatements(text);
  return parsed.kind === "parsed"
    ? parsed.statements.map(({ node, text, start }) => ({ node, text, at: start }))
    : [];
}

/** The place in the file where a body's text stands as it is; else where its statement begins. */
function placeOf(
  view: StatementView,
  body: string | undefined,
  at: number,
): { readonly line: number; readonly column: number } {
  const start = body === undefined || !("DoStmt" in view.node) ? -1 : view.text.indexOf(body);
  if (start < 0) return { line: view.line, column: view.column };
  const { line, column } = positionFinder(view.text)(start + at);
  return { line: view.line + line - 1, column: line === 1 ? view.column + column - 1 : column };
}

function doBody(node: Node): Body {
  const options = "DoStmt" in node ? (node.DoStmt.args ?? []) : [];
  return readOptions(options);
}

function bodyOf(node: Node): Body {
  if (!("CreateFunctionStmt" in node)) return { language: "", text: undefined, nodes: [] };
  const { options = [], sql_body } = node.CreateFunctionStmt;
  if (sql_body === undefined) return readOptions(options);
  return { language: "sql", text: undefined, nodes: atomicStatements(sql_body) };
}

function readOptions(options: readonly Node[]): Body {
  let language = "plpgsql";
  let text: string | undefined;
  for (const option of options) {
    if (!("DefElem" in option)) continue;
    const { defname, arg } = option.DefElem;
    if (arg === undefined) continue;
    if (defname === "language" && "String" in arg) language = (arg.String.sval ?? "").toLowerCase();
    if (defname === "as") text = "List" in arg ? namesOf(arg.List.items).at(-1) : namesOf([arg])[0];
  }
  return { language, text, nodes: [] };
}

function atomicStatements(body: unknown): readonly Node[] {
  const found: Node[] = [];
  walkTree(body, (kind, fields) => {
    if (/^(?:Select|Insert|Update|Delete|Merge)Stmt$/.test(kind)) found.push(toNode(kind, fields));
  });
  return found;
}

function toNode(kind: string, fields: Readonly<Record<string, unknown>>): Node {
  return { [kind]: fields } as unknown as Node;
}

/** Functions that a statement runs now; not those that a definition only mentions. */
function calledBy(node: Node): readonly string[] {
  if ("CallStmt" in node) return [keyOf(nameOfList(node.CallStmt.funccall?.funcname))];
  const runs = ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CreateTableAsStmt"];
  if (!runs.some((kind) => isRecord(node) && kind in node)) return [];
  return [
    ...new Set(
      functionCalls(node).map(({ schema, name }) =>
        keyOf(schema === undefined ? { name } : { schema, name }),
      ),
    ),
  ];
}
