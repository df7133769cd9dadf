import { textsIn } from "./expressions.ts";
import { alterCommandsOf, addedColumns, addedConstraints } from "./alter-table.ts";
import { keyOf, nameOfList, nameOfRange, partsOfObject, toName, type Name } from "./names.ts";
import type { StatementView } from "./statement-view.ts";
import { unknownName } from "../sql/dynamic-text.ts";
import type { Node } from "../sql/parse.ts";
import { namesOf } from "../sql/walk-tree.ts";

/** What statements have made so far, by kind and key; a part of a table is `table/part`. */
export interface Ledger {
  readonly has: (kind: string, key: string) => boolean;
  /** Whether row level security is on for a table, as far as these statements say. */
  readonly rowSecurityOf: (table: string) => boolean | undefined;
  /** True where, behind the table's making, a loop switches row level security on for tables that only the run shows. */
  readonly maySecure: (table: string) => boolean;
  /** Values that were added to types that exist. */
  readonly enumValues: () => readonly { readonly type: string; readonly label: string }[];
  /** The statement that defines a routine, by its key. */
  readonly routine: (key: string) => StatementView | undefined;
}

/** A ledger that statements are written into, in their order. */
export interface OpenLedger extends Ledger {
  readonly write: (statement: StatementView) => void;
}

/** Opens an empty ledger. */
export function openLedger(): OpenLedger {
  /** With the number of the statement that made it. */
  const made = new Map<string, number>();
  const rowSecurity = new Map<string, boolean>();
  const routines = new Map<string, StatementView>();
  const enumValues: { readonly type: string; readonly label: string }[] = [];
  let written = 0;
  let lastLoop = -1;
  return {
    has: (kind, key) => made.has(`${kind} ${key}`),
    rowSecurityOf: (table) => rowSecurity.get(table),
    maySecure: (table) => lastLoop >= (made.get(`relation ${table}`) ?? 0),
    enumValues: () => enumValues,
    routine: (key) => routines.get(key),
    write: (statement) => {
      written += 1;
      for (const [kind, key] of madeBy(statement.node)) made.set(`${kind} ${key}`, written);
      for (const [kind, key] of unmadeBy(statement.node)) made.delete(`${kind} ${key}`);
      for (const [table, isOn] of rowSecurityIn(statement.node)) rowSecurity.set(table, isOn);
      if (switchesUnknown(statement.node)) lastLoop = written;
      if (statement.classification.addsEnumValue !== undefined)
        enumValues.push(statement.classification.addsEnumValue);
      if ("CreateFunctionStmt" in statement.node)
        routines.set(keyOf(nameOfList(statement.node.CreateFunctionStmt.funcname)), statement);
    },
  };
}

type Entry = readonly [kind: string, key: string];

function madeBy(node: Node): readonly Entry[] {
  const hasNoSchema = "CreateStmt" in node && node.CreateStmt.relation?.schemaname === undefined;
  const mark: readonly Entry[] = hasNoSchema ? [["unqualified", ""]] : [];
  return [...mark, ...relationsMadeBy(node), ...othersMadeBy(node), ...partsMadeBy(node)];
}

function relationsMadeBy(node: Node): readonly Entry[] {
  if ("CreateStmt" in node) return relation(nameOfRange(node.CreateStmt.relation));
  if ("CreateTableAsStmt" in node) return relation(nameOfRange(node.CreateTableAsStmt.into?.rel));
  if ("SelectStmt" in node && node.SelectStmt.intoClause !== undefined)
    return relation(nameOfRange(node.SelectStmt.intoClause.rel));
  if ("ViewStmt" in node) return relation(nameOfRange(node.ViewStmt.view));
  if ("CreateForeignTableStmt" in node)
    return relation(nameOfRange(node.CreateForeignTableStmt.base?.relation));
  if ("CreateSeqStmt" in node) return relation(nameOfRange(node.CreateSeqStmt.sequence));
  if ("RenameStmt" in node && node.RenameStmt.newname !== undefined)
    return [["renamed", keyOf({ ...nameOfRange(node.RenameStmt.relation), name: node.RenameStmt.newname })]];
  return [];
}

function othersMadeBy(node: Node): readonly Entry[] {
  if ("CreateFunctionStmt" in node) return [["routine", keyOf(nameOfList(node.CreateFunctionStmt.funcname))]];
  if ("CreateEnumStmt" in node) return [["type", keyOf(nameOfList(node.CreateEnumStmt.typeName))]];
  if ("CompositeTypeStmt" in node) return [["type", keyOf(nameOfRange(node.CompositeTypeStmt.typevar))]];
  if ("CreateRangeStmt" in node) return [["type", keyOf(nameOfList(node.CreateRangeStmt.typeName))]];
  if ("CreateDomainStmt" in node) return [["type", keyOf(nameOfList(node.CreateDomainStmt.domainname))]];
  if ("DefineStmt" in node) return [["defined", keyOf(nameOfList(node.DefineStmt.defnames))]];
  if ("CreateSchemaStmt" in node) return [["schema", node.CreateSchemaStmt.schemaname ?? ""]];
  if ("CreateExtensionStmt" in node) return [["extension", node.CreateExtensionStmt.extname ?? ""]];
  if ("CreateRoleStmt" in node) return [["role", node.CreateRoleStmt.role ?? ""]];
  if ("CreatePublicationStmt" in node) return [["publication", node.CreatePublicationStmt.pubname ?? ""]];
  return [];
}

function partsMadeBy(node: Node): readonly Entry[] {
  if ("IndexStmt" in node) {
    const { relation: range, idxname = "" } = node.IndexStmt;
    return [["index", keyOf({ ...nameOfRange(range), name: idxname })]];
  }
  if ("CreatePolicyStmt" in node)
    return [part("policy", nameOfRange(node.CreatePolicyStmt.table), node.CreatePolicyStmt.policy_name)];
  if ("CreateTrigStmt" in node)
    return [part("trigger", nameOfRange(node.CreateTrigStmt.relation), node.CreateTrigStmt.trigname)];
  return [
    ...addedColumns(node).map(({ table, column }) => part("column", table, column.colname)),
    ...addedConstraints(node).map(({ table, constraint }) => part("constraint", table, constraint.conname)),
  ];
}

/** What is dropped and made again in one migration is new, what is only dropped is gone. */
function unmadeBy(node: Node): readonly Entry[] {
  if (!("DropStmt" in node)) return [];
  const kind = dropKinds[node.DropStmt.removeType ?? ""];
  if (kind === undefined) return [];
  return (node.DropStmt.objects ?? []).map((object): Entry => {
    const parts = partsOfObject(object);
    return [kind, keyOf(toName(parts))];
  });
}

const dropKinds: Readonly<Record<string, string>> = {
  OBJECT_TABLE: "relation",
  OBJECT_VIEW: "relation",
  OBJECT_MATVIEW: "relation",
  OBJECT_FOREIGN_TABLE: "relation",
};

function relation(name: Name): readonly Entry[] {
  // A temporary table hides a lasting one of the same name.
  const plain = name.schema?.startsWith("pg_temp") === true ? [{ name: name.name }] : [];
  return [name, ...plain].map((each): Entry => ["relation", keyOf(each)]);
}

function part(kind: string, table: Name, name: string | undefined): Entry {
  return [kind, partKey(table, name ?? "")];
}

/** The key of a part of a table, such as a policy. */
export function partKey(table: Name, name: string): string {
  return `${keyOf(table)}/${name}`;
}

function rowSecurityIn(node: Node): readonly (readonly [string, boolean])[] {
  const on = alterCommandsOf(node, "AT_EnableRowSecurity").map(({ table }) => [keyOf(table), true] as const);
  const off = alterCommandsOf(node, "AT_DisableRowSecurity").map(
    ({ table }) => [keyOf(table), false] as const,
  );
  return [...on, ...off];
}

/** Switched on for a table with an unknown name, or by an EXECUTE that cannot be read. */
function switchesUnknown(node: Node): boolean {
  if (alterCommandsOf(node, "AT_EnableRowSecurity").some(({ table }) => table.name.includes(unknownName)))
    return true;
  return "DoStmt" in node && /\benable\s+row\s+level\s+security\b/i.test(textsIn(node).join(" "));
}

/** The names of the parts of a dropped object. */
export function droppedObjects(
  node: Node,
  ...types: readonly string[]
): readonly { readonly parts: readonly string[]; readonly name: Name }[] {
  if (!("DropStmt" in node) || !types.includes(node.DropStmt.removeType ?? "")) return [];
  return (node.DropStmt.objects ?? []).map((object) => {
    const parts = partsOfObject(object);
    return { parts, name: toName(parts) };
  });
}

/** A function's argument types as written, to tell overloads apart. */
export function argumentTypes(node: Node): readonly string[] {
  if (!("CreateFunctionStmt" in node)) return [];
  return (node.CreateFunctionStmt.parameters ?? []).flatMap((each) => {
    if (!("FunctionParameter" in each)) return [];
    const { mode, argType } = each.FunctionParameter;
    if (mode === "FUNC_PARAM_OUT" || mode === "FUNC_PARAM_TABLE") return [];
    return [namesOf(argType?.names).at(-1) ?? ""];
  });
}
