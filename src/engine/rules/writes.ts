import { isOptionOn } from "../sql/classes/transaction-block.ts";
import type { Node } from "../sql/parse.ts";
import { isRecord, kindOf, walkTree } from "../sql/walk-tree.ts";
import type { Name } from "./names.ts";

/** One INSERT, UPDATE, DELETE or MERGE that a statement runs, also inside WITH. */
export interface TableWrite {
  readonly kind: "insert" | "update" | "delete" | "merge";
  readonly table: Name;
  readonly isTemporary: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly condition: unknown;
}

const KINDS: Readonly<Record<string, TableWrite["kind"]>> = {
  InsertStmt: "insert",
  UpdateStmt: "update",
  DeleteStmt: "delete",
  MergeStmt: "merge",
};

/** The kind of write that a statement shows by its first word; undefined for a query and everything else. */
export function writeKindOf(node: Node): TableWrite["kind"] | undefined {
  return KINDS[kindOf(node)];
}

/** Every write that a statement runs itself; what a definition or a plain EXPLAIN mentions is not run. */
export function writesIn(node: Node): readonly TableWrite[] {
  const known = found.get(node);
  if (known !== undefined) return known;
  const writes = isDefinition(node) ? [] : readWrites(node);
  found.set(node, writes);
  return writes;
}

/** Many rules ask the same of one tree. */
const found = new WeakMap<Node, readonly TableWrite[]>();

function readWrites(node: Node): readonly TableWrite[] {
  const writes: TableWrite[] = [];
  walkTree({ node }, (wrapper, fields) => {
    // A statement inside another one stands in a wrapper of its own kind; the outermost is one too.
    const kind = KINDS[wrapper];
    if (kind === undefined) return;
    const range = isRecord(fields["relation"]) ? fields["relation"] : {};
    const name = typeof range["relname"] === "string" ? range["relname"] : "";
    const schema = typeof range["schemaname"] === "string" ? range["schemaname"] : undefined;
    writes.push({
      kind,
      table: schema === undefined ? { name } : { schema, name },
      isTemporary: schema?.startsWith("pg_temp") === true,
      fields,
      condition: fields["whereClause"],
    });
  });
  return writes;
}

const DEFINITIONS = ["CreateFunctionStmt", "RuleStmt", "ViewStmt", "PrepareStmt", "CreateTrigStmt"];

/** True for what only describes a statement that is run later, if ever. */
export function isDefinition(node: Node): boolean {
  if (DEFINITIONS.some((kind) => kind in node)) return true;
  return "ExplainStmt" in node && !isOptionOn(node.ExplainStmt.options, "analyze");
}
