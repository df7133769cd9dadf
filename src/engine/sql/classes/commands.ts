import type { Node } from "../parse.ts";
import { isRecord, kindOf } from "../walk-tree.ts";

/**
 * `procedural` is DO and CALL, whose effects the text does not tell; `copy_stdin` and `copy_stdout` need a client that
 * streams rows; `unknown` is a statement this table does not list, and is never taken for harmless.
 */
export type StatementKind =
  | "read"
  | "write"
  | "ddl"
  | "transaction_control"
  | "session_state"
  | "maintenance"
  | "procedural"
  | "copy_stdin"
  | "copy_stdout"
  | "unknown";

export type Command = { readonly kind: StatementKind; readonly command: string };

/** The kind and command tag of a statement as PostgreSQL names it (cmdtaglist.h); SELECT, EXPLAIN and SET are judged elsewhere. */
export function commandOf(node: Node): Command {
  const nodeKind = kindOf(node);
  const detail: unknown = Object.values(node)[0];
  const fixed = COMMANDS[nodeKind];
  if (fixed !== undefined) return { kind: fixed[0], command: fixed[1] };
  const fields = isRecord(detail) ? detail : {};
  return { kind: DERIVED_KINDS[nodeKind] ?? "unknown", command: derivedTag(nodeKind, fields) };
}

const DERIVED_KINDS: Readonly<Record<string, StatementKind>> = {
  AlterTableStmt: "ddl",
  AlterObjectSchemaStmt: "ddl",
  AlterOwnerStmt: "ddl",
  AlterObjectDependsStmt: "ddl",
  AlterTableMoveAllStmt: "ddl",
  RenameStmt: "ddl",
  DropStmt: "ddl",
  DefineStmt: "ddl",
  CreateTableAsStmt: "ddl",
  CreateFunctionStmt: "ddl",
  AlterFunctionStmt: "ddl",
  GrantStmt: "ddl",
  GrantRoleStmt: "ddl",
  VacuumStmt: "maintenance",
  CopyStmt: "write",
  DiscardStmt: "session_state",
  FetchStmt: "session_state",
};

function derivedTag(nodeKind: string, fields: Readonly<Record<string, unknown>>): string {
  switch (nodeKind) {
    case "DropStmt":
      return `DROP ${objectWords(fields["removeType"])}`;
    case "DefineStmt":
      return `CREATE ${objectWords(fields["kind"])}`;
    case "RenameStmt":
      return `ALTER ${renamedWords(String(fields["renameType"]), fields["relationType"])}`;
    case "AlterTableStmt":
      return `ALTER ${objectWords(fields["objtype"])}`;
    case "AlterObjectSchemaStmt":
    case "AlterOwnerStmt":
    case "AlterObjectDependsStmt":
    case "AlterTableMoveAllStmt":
    case "AlterFunctionStmt":
      return `ALTER ${objectWords(fields["objectType"] ?? fields["objtype"])}`;
    case "CreateTableAsStmt":
      return fields["objtype"] === "OBJECT_MATVIEW" ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
    case "CreateFunctionStmt":
      return fields["is_procedure"] === true ? "CREATE PROCEDURE" : "CREATE FUNCTION";
    case "GrantStmt":
      return fields["is_grant"] === true ? "GRANT" : "REVOKE";
    case "GrantRoleStmt":
      return fields["is_grant"] === true ? "GRANT ROLE" : "REVOKE ROLE";
    case "VacuumStmt":
      return fields["is_vacuumcmd"] === true ? "VACUUM" : "ANALYZE";
    case "CopyStmt":
      return "COPY";
    case "FetchStmt":
      return fields["ismove"] === true ? "MOVE" : "FETCH";
    case "DiscardStmt":
      return String(fields["target"] ?? "DISCARD").replace("_", " ");
    default:
      return nodeKind
        .replace(/Stmt$/, "")
        .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
        .toUpperCase();
  }
}

/** A column answers as its relation; the parser leaves the relation's kind open for a constraint. */
function renamedWords(renameType: string, relationType: unknown): string {
  if (renameType === "OBJECT_COLUMN") return objectWords(relationType);
  if (renameType === "OBJECT_TABCONSTRAINT") return "TABLE";
  return renameType === "OBJECT_DOMCONSTRAINT" ? "DOMAIN" : objectWords(renameType);
}

const OBJECT_WORDS: Readonly<Record<string, string>> = {
  OBJECT_MATVIEW: "MATERIALIZED VIEW",
  OBJECT_FDW: "FOREIGN DATA WRAPPER",
  OBJECT_FOREIGN_SERVER: "SERVER",
  OBJECT_OPCLASS: "OPERATOR CLASS",
  OBJECT_OPFAMILY: "OPERATOR FAMILY",
  OBJECT_STATISTIC_EXT: "STATISTICS",
  OBJECT_TSCONFIGURATION: "TEXT SEARCH CONFIGURATION",
  OBJECT_TSDICTIONARY: "TEXT SEARCH DICTIONARY",
  OBJECT_TSPARSER: "TEXT SEARCH PARSER",
  OBJECT_TSTEMPLATE: "TEXT SEARCH TEMPLATE",
  OBJECT_ATTRIBUTE: "TYPE",
  OBJECT_LARGEOBJECT: "LARGE OBJECT",
};

function objectWords(objectType: unknown): string {
  const name = String(objectType ?? "");
  return OBJECT_WORDS[name] ?? name.replace(/^OBJECT_/, "").replaceAll("_", " ");
}

const COMMANDS: Readonly<Record<string, readonly [StatementKind, string]>> = {
  AlterCollationStmt: ["ddl", "ALTER COLLATION"],
  AlterDatabaseRefreshCollStmt: ["ddl", "ALTER DATABASE"],
  AlterDatabaseSetStmt: ["ddl", "ALTER DATABASE"],
  AlterDatabaseStmt: ["ddl", "ALTER DATABASE"],
  AlterDefaultPrivilegesStmt: ["ddl", "ALTER DEFAULT PRIVILEGES"],
  AlterDomainStmt: ["ddl", "ALTER DOMAIN"],
  AlterEnumStmt: ["ddl", "ALTER TYPE"],
  AlterEventTrigStmt: ["ddl", "ALTER EVENT TRIGGER"],
  AlterExtensionContentsStmt: ["ddl", "ALTER EXTENSION"],
  AlterExtensionStmt: ["ddl", "ALTER EXTENSION"],
  AlterFdwStmt: ["ddl", "ALTER FOREIGN DATA WRAPPER"],
  AlterForeignServerStmt: ["ddl", "ALTER SERVER"],
  AlterOpFamilyStmt: ["ddl", "ALTER OPERATOR FAMILY"],
  AlterOperatorStmt: ["ddl", "ALTER OPERATOR"],
  AlterPolicyStmt: ["ddl", "ALTER POLICY"],
  AlterPublicationStmt: ["ddl", "ALTER PUBLICATION"],
  AlterRoleSetStmt: ["ddl", "ALTER ROLE"],
  AlterRoleStmt: ["ddl", "ALTER ROLE"],
  AlterSeqStmt: ["ddl", "ALTER SEQUENCE"],
  AlterStatsStmt: ["ddl", "ALTER STATISTICS"],
  AlterSubscriptionStmt: ["ddl", "ALTER SUBSCRIPTION"],
  AlterSystemStmt: ["ddl", "ALTER SYSTEM"],
  AlterTSConfigurationStmt: ["ddl", "ALTER TEXT SEARCH CONFIGURATION"],
  AlterTSDictionaryStmt: ["ddl", "ALTER TEXT SEARCH DICTIONARY"],
  AlterTableSpaceOptionsStmt: ["ddl", "ALTER TABLESPACE"],
  AlterTypeStmt: ["ddl", "ALTER TYPE"],
  AlterUserMappingStmt: ["ddl", "ALTER USER MAPPING"],
  CallStmt: ["procedural", "CALL"],
  CheckPointStmt: ["maintenance", "CHECKPOINT"],
  ClosePortalStmt: ["session_state", "CLOSE CURSOR"],
  ClusterStmt: ["maintenance", "CLUSTER"],
  CommentStmt: ["ddl", "COMMENT"],
  CompositeTypeStmt: ["ddl", "CREATE TYPE"],
  ConstraintsSetStmt: ["session_state", "SET CONSTRAINTS"],
  CreateAmStmt: ["ddl", "CREATE ACCESS METHOD"],
  CreateCastStmt: ["ddl", "CREATE CAST"],
  CreateConversionStmt: ["ddl", "CREATE CONVERSION"],
  CreateDomainStmt: ["ddl", "CREATE DOMAIN"],
  CreateEnumStmt: ["ddl", "CREATE TYPE"],
  CreateEventTrigStmt: ["ddl", "CREATE EVENT TRIGGER"],
  CreateExtensionStmt: ["ddl", "CREATE EXTENSION"],
  CreateFdwStmt: ["ddl", "CREATE FOREIGN DATA WRAPPER"],
  CreateForeignServerStmt: ["ddl", "CREATE SERVER"],
  CreateForeignTableStmt: ["ddl", "CREATE FOREIGN TABLE"],
  CreateOpClassStmt: ["ddl", "CREATE OPERATOR CLASS"],
  CreateOpFamilyStmt: ["ddl", "CREATE OPERATOR FAMILY"],
  CreatePLangStmt: ["ddl", "CREATE LANGUAGE"],
  CreatePolicyStmt: ["ddl", "CREATE POLICY"],
  CreatePublicationStmt: ["ddl", "CREATE PUBLICATION"],
  CreateRangeStmt: ["ddl", "CREATE TYPE"],
  CreateRoleStmt: ["ddl", "CREATE ROLE"],
  CreateSchemaStmt: ["ddl", "CREATE SCHEMA"],
  CreateSeqStmt: ["ddl", "CREATE SEQUENCE"],
  CreateStatsStmt: ["ddl", "CREATE STATISTICS"],
  CreateStmt: ["ddl", "CREATE TABLE"],
  CreateSubscriptionStmt: ["ddl", "CREATE SUBSCRIPTION"],
  CreateTableSpaceStmt: ["ddl", "CREATE TABLESPACE"],
  CreateTransformStmt: ["ddl", "CREATE TRANSFORM"],
  CreateTrigStmt: ["ddl", "CREATE TRIGGER"],
  CreateUserMappingStmt: ["ddl", "CREATE USER MAPPING"],
  CreatedbStmt: ["ddl", "CREATE DATABASE"],
  DeallocateStmt: ["session_state", "DEALLOCATE"],
  DeclareCursorStmt: ["session_state", "DECLARE CURSOR"],
  DeleteStmt: ["write", "DELETE"],
  DoStmt: ["procedural", "DO"],
  DropOwnedStmt: ["ddl", "DROP OWNED"],
  DropRoleStmt: ["ddl", "DROP ROLE"],
  DropSubscriptionStmt: ["ddl", "DROP SUBSCRIPTION"],
  DropTableSpaceStmt: ["ddl", "DROP TABLESPACE"],
  DropUserMappingStmt: ["ddl", "DROP USER MAPPING"],
  DropdbStmt: ["ddl", "DROP DATABASE"],
  ExecuteStmt: ["unknown", "EXECUTE"],
  ImportForeignSchemaStmt: ["ddl", "IMPORT FOREIGN SCHEMA"],
  IndexStmt: ["ddl", "CREATE INDEX"],
  InsertStmt: ["write", "INSERT"],
  ListenStmt: ["session_state", "LISTEN"],
  LoadStmt: ["session_state", "LOAD"],
  LockStmt: ["maintenance", "LOCK TABLE"],
  MergeStmt: ["write", "MERGE"],
  NotifyStmt: ["write", "NOTIFY"],
  PrepareStmt: ["session_state", "PREPARE"],
  ReassignOwnedStmt: ["ddl", "REASSIGN OWNED"],
  RefreshMatViewStmt: ["maintenance", "REFRESH MATERIALIZED VIEW"],
  ReindexStmt: ["maintenance", "REINDEX"],
  ReplicaIdentityStmt: ["ddl", "ALTER TABLE"],
  RuleStmt: ["ddl", "CREATE RULE"],
  SecLabelStmt: ["ddl", "SECURITY LABEL"],
  TruncateStmt: ["write", "TRUNCATE TABLE"],
  UnlistenStmt: ["session_state", "UNLISTEN"],
  UpdateStmt: ["write", "UPDATE"],
  VariableShowStmt: ["read", "SHOW"],
  ViewStmt: ["ddl", "CREATE VIEW"],
};
