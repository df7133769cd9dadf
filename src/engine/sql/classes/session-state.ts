import type { Node, VariableSetStmt } from "../parse.ts";
import { isRecord, namesOf, walkTree } from "../walk-tree.ts";

/** What a statement leaves behind on its connection: until the transaction ends, or for whoever uses the connection next. */
export type SessionState = {
  readonly scope: "transaction" | "session";
  readonly what:
    | "role"
    | "session_authorization"
    | "transaction"
    | "setting"
    | "listen"
    | "prepared_statement"
    | "cursor"
    | "temporary_object"
    | "library"
    | "everything";
  readonly name?: string;
};

/** The session state that a statement changes, if any; `set_config()` in a SELECT counts as SET. */
export function sessionStateOf(node: Node): SessionState | undefined {
  if ("VariableSetStmt" in node) return stateOfSet(node.VariableSetStmt);
  if ("ListenStmt" in node || "UnlistenStmt" in node) return { scope: "session", what: "listen" };
  if ("PrepareStmt" in node || "DeallocateStmt" in node)
    return { scope: "session", what: "prepared_statement" };
  if ("DeclareCursorStmt" in node)
    return {
      scope: ((node.DeclareCursorStmt.options ?? 0) & CURSOR_OPT_HOLD) === 0 ? "transaction" : "session",
      what: "cursor",
    };
  if ("LoadStmt" in node) return { scope: "session", what: "library" };
  if ("DiscardStmt" in node) return { scope: "session", what: "everything" };
  if ("ConstraintsSetStmt" in node) return { scope: "transaction", what: "transaction" };
  if ("SelectStmt" in node) return stateOfSetConfig(node) ?? temporaryObjectOf(node);
  return temporaryObjectOf(node);
}

/** True when a statement may change how later text is read: `standard_conforming_strings` off, or another client encoding. */
export function changesParsing(node: Node): boolean {
  const set = "VariableSetStmt" in node ? node.VariableSetStmt : roleOrDatabaseSetting(node);
  if (set?.name !== undefined) {
    const name = set.name.toLowerCase();
    return PARSING_SETTINGS.has(name) && !isHarmlessValue(name, valueOf(set));
  }
  return (
    "SelectStmt" in node &&
    setConfigCalls(node).some(
      (call) => PARSING_SETTINGS.has(call.name ?? "") && !isHarmlessValue(call.name ?? "", call.value),
    )
  );
}

/** CURSOR_OPT_HOLD of parsenodes.h. */
const CURSOR_OPT_HOLD = 0x20;
const PARSING_SETTINGS = new Set(["standard_conforming_strings", "client_encoding"]);
const HARMLESS_VALUES: Readonly<Record<string, readonly string[]>> = {
  standard_conforming_strings: ["on", "true", "yes", "1", "t", "y", "tr", "tru", "ye"],
  client_encoding: ["utf8", "utf-8", "unicode"],
};

function isHarmlessValue(name: string, value: string | undefined): boolean {
  return value !== undefined && (HARMLESS_VALUES[name] ?? []).includes(value.toLowerCase());
}

function stateOfSet(set: VariableSetStmt): SessionState {
  if (set.kind === "VAR_RESET_ALL") return { scope: "session", what: "everything" };
  const name = (set.name ?? "").toLowerCase();
  if (set.kind === "VAR_SET_MULTI")
    return { scope: name === "session characteristics" ? "session" : "transaction", what: "transaction" };
  const scope = set.is_local === true ? "transaction" : "session";
  return { scope, ...stateOfSetting(name) };
}

function stateOfSetting(name: string): Omit<SessionState, "scope"> {
  if (name === "role" || name === "session_authorization") return { what: name };
  return name.startsWith("transaction_") ? { what: "transaction", name } : { what: "setting", name };
}

function stateOfSetConfig(node: Node): SessionState | undefined {
  const calls = setConfigCalls(node);
  const lasting = calls.find((call) => !call.isLocal) ?? calls[0];
  if (lasting === undefined) return undefined;
  return { scope: lasting.isLocal ? "transaction" : "session", ...stateOfSetting(lasting.name ?? "unknown") };
}

type SetConfigCall = {
  readonly name: string | undefined;
  readonly value: string | undefined;
  readonly isLocal: boolean;
};

function setConfigCalls(node: Node): readonly SetConfigCall[] {
  const calls: SetConfigCall[] = [];
  walkTree(node, (kind, fields) => {
    if (kind !== "FuncCall" || namesOf(fields["funcname"]).at(-1) !== "set_config") return;
    const [name, value, isLocal] = Array.isArray(fields["args"]) ? fields["args"] : [];
    calls.push({
      name: constantText(name)?.toLowerCase(),
      value: constantText(value),
      isLocal: constantText(isLocal) === "true",
    });
  });
  return calls;
}

function constantText(argument: unknown): string | undefined {
  if (!isRecord(argument)) return undefined;
  const cast = argument["TypeCast"];
  if (isRecord(cast)) return constantText(cast["arg"]);
  const constant = argument["A_Const"];
  if (!isRecord(constant)) return undefined;
  if (isRecord(constant["boolval"])) return constant["boolval"]["boolval"] === true ? "true" : "false";
  const text = isRecord(constant["sval"]) ? constant["sval"]["sval"] : undefined;
  if (typeof text === "string") return text;
  return isRecord(constant["ival"]) ? String(constant["ival"]["ival"] ?? 0) : undefined;
}

function valueOf(set: VariableSetStmt): string | undefined {
  return set.kind === "VAR_SET_VALUE" ? constantText(set.args?.[0]) : undefined;
}

function roleOrDatabaseSetting(node: Node): VariableSetStmt | undefined {
  if ("AlterRoleSetStmt" in node) return node.AlterRoleSetStmt.setstmt;
  if ("AlterDatabaseSetStmt" in node) return node.AlterDatabaseSetStmt.setstmt;
  return "AlterSystemStmt" in node ? node.AlterSystemStmt.setstmt : undefined;
}

function temporaryObjectOf(node: Node): SessionState | undefined {
  const isTemporary = (
    relation: { readonly relpersistence?: string; readonly schemaname?: string } | undefined,
  ): boolean => relation?.relpersistence === "t" || relation?.schemaname === "pg_temp";
  const into =
    "CreateTableAsStmt" in node
      ? node.CreateTableAsStmt.into
      : "SelectStmt" in node
        ? node.SelectStmt.intoClause
        : undefined;
  const isDropped = ("CreateStmt" in node ? node.CreateStmt.oncommit : into?.onCommit) === "ONCOMMIT_DROP";
  const created =
    "CreateStmt" in node
      ? node.CreateStmt.relation
      : "ViewStmt" in node
        ? node.ViewStmt.view
        : "CreateSeqStmt" in node
          ? node.CreateSeqStmt.sequence
          : into?.rel;
  if (!isTemporary(created)) return undefined;
  return {
    scope: isDropped ? "transaction" : "session",
    what: "temporary_object",
    ...(created?.relname === undefined ? {} : { name: created.relname }),
  };
}
