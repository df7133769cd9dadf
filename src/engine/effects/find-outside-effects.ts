import type { Catalog, Fact } from "../model/catalog.ts";
import { classifyStatement } from "../sql/classify.ts";
import type { Node, ParsedStatement } from "../sql/parse.ts";
import {
  findSurvivors,
  findSurvivorsInBody,
  listCalledFunctions,
  listCallsInBody,
} from "../sql/survives-rollback.ts";
import { isRecord, kindOf, namesOf, walkTree } from "../sql/walk-tree.ts";

/** A statement that reaches beyond its transaction, by itself or through a function that it calls or a trigger that it fires. */
export interface OutsideEffect {
  readonly statement: ParsedStatement;
  /** Completes the sentence "It …". */
  readonly what: string;
}

/** Bodies of functions by their last name; those of one name are one here. */
type Bodies = Map<string, string[]>;

/** The first statement whose effect would stay although the transaction is rolled back; sequences are left to measuring. */
export function findOutsideEffect(
  statements: readonly ParsedStatement[],
  catalog: Catalog,
): OutsideEffect | undefined {
  const bodies = listBodies(catalog);
  const triggers = listTriggers(catalog);
  for (const statement of statements) {
    const { node } = statement;
    const own = findSurvivors(node).find(({ kind }) => kind === "outside");
    if (own !== undefined) return { statement, what: own.what };
    addDefined(bodies, node);
    addTrigger(triggers, node);
    const called = [...listCalledFunctions(node), ...firedFunctions(node, triggers)];
    const reached = reach(called, bodies);
    if (reached !== undefined) return { statement, what: reached };
  }
  return undefined;
}

function listBodies({ facts }: Catalog): Bodies {
  const bodies: Bodies = new Map();
  for (const { kind, id, attributes, provenance } of facts.values()) {
    const body = attributes["body"] ?? attributes["sqlBody"];
    if ((kind !== "function" && kind !== "procedure") || typeof body !== "string") continue;
    if (provenance === "user") bodies.set(id.name, [...(bodies.get(id.name) ?? []), body]);
  }
  return bodies;
}

function addDefined(bodies: Bodies, node: Node): void {
  if (!("CreateFunctionStmt" in node)) return;
  const name = namesOf(node.CreateFunctionStmt.funcname).at(-1);
  const texts: string[] = [];
  walkTree(node.CreateFunctionStmt.options, (kind, fields) => {
    const text = fields["sval"];
    if (kind === "String" && typeof text === "string") texts.push(text);
  });
  if (name !== undefined) bodies.set(name, [...(bodies.get(name) ?? []), ...texts]);
}

/** Names of trigger functions by the table's last name. */
type Triggers = Map<string, string[]>;

function listTriggers({ facts }: Catalog): Triggers {
  const triggers: Triggers = new Map();
  for (const fact of facts.values()) {
    if (fact.kind !== "trigger" || fact.id.within === undefined) continue;
    const functions = fact.dependsOn.flatMap((key) => functionName(facts.get(key)));
    triggers.set(fact.id.within, [...(triggers.get(fact.id.within) ?? []), ...functions]);
  }
  return triggers;
}

function functionName(fact: Fact | undefined): readonly string[] {
  return fact?.kind === "function" ? [fact.id.name] : [];
}

function addTrigger(triggers: Triggers, node: Node): void {
  if (!("CreateTrigStmt" in node)) return;
  const table = node.CreateTrigStmt.relation?.relname;
  const name = namesOf(node.CreateTrigStmt.funcname).at(-1);
  if (table !== undefined && name !== undefined) triggers.set(table, [...(triggers.get(table) ?? []), name]);
}

const writing = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "TruncateStmt", "CopyStmt"]);

/** Functions of the triggers on the tables that a statement writes to, common table expressions included. */
function firedFunctions(node: Node, triggers: Triggers): readonly string[] {
  const tables = new Set<string>();
  const note = (fields: unknown) => {
    if (!isRecord(fields)) return;
    const relation = fields["relation"];
    if (isRecord(relation) && typeof relation["relname"] === "string") tables.add(relation["relname"]);
  };
  walkTree(node, (kind, fields) => {
    if (writing.has(kind)) note(fields);
  });
  if (writing.has(kindOf(node))) {
    for (const { name } of classifyStatement({ node }).objects) tables.add(name);
  }
  return [...tables].flatMap((table) => triggers.get(table) ?? []);
}

/** What the functions do outside the transaction, or those that they call in turn. */
function reach(names: readonly string[], bodies: Bodies): string | undefined {
  const pending = [...names];
  const seen = new Set<string>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const body of bodies.get(name) ?? []) {
      const found = findSurvivorsInBody(body).find(({ kind }) => kind === "outside");
      if (found !== undefined) return `calls ${name}(), which ${found.what}`;
      pending.push(...listCallsInBody(body));
    }
  }
  return undefined;
}
