import type { DefElem, Node, TransactionStmtKind } from "../parse.ts";
import { namesOf } from "../walk-tree.ts";

export type TransactionVerb =
  | "BEGIN"
  | "START TRANSACTION"
  | "COMMIT"
  | "ROLLBACK"
  | "SAVEPOINT"
  | "RELEASE"
  | "ROLLBACK TO"
  | "PREPARE TRANSACTION"
  | "COMMIT PREPARED"
  | "ROLLBACK PREPARED";

const VERBS: Readonly<Record<TransactionStmtKind, TransactionVerb>> = {
  TRANS_STMT_BEGIN: "BEGIN",
  TRANS_STMT_START: "START TRANSACTION",
  TRANS_STMT_COMMIT: "COMMIT",
  TRANS_STMT_ROLLBACK: "ROLLBACK",
  TRANS_STMT_SAVEPOINT: "SAVEPOINT",
  TRANS_STMT_RELEASE: "RELEASE",
  TRANS_STMT_ROLLBACK_TO: "ROLLBACK TO",
  TRANS_STMT_PREPARE: "PREPARE TRANSACTION",
  TRANS_STMT_COMMIT_PREPARED: "COMMIT PREPARED",
  TRANS_STMT_ROLLBACK_PREPARED: "ROLLBACK PREPARED",
};

/** The transaction-control verb of a statement; END and ABORT answer as COMMIT and ROLLBACK. */
export function transactionVerb(node: Node): TransactionVerb | undefined {
  if (!("TransactionStmt" in node) || node.TransactionStmt.kind === undefined) return undefined;
  return VERBS[node.TransactionStmt.kind];
}

/**
 * Whether PostgreSQL refuses the statement in a transaction block whatever the catalog holds (SQLSTATE 25001).
 * REINDEX and CLUSTER of a partitioned table are refused too, which only a catalog can tell.
 */
export function isForbiddenInTransaction(node: Node): boolean {
  if ("VacuumStmt" in node) return node.VacuumStmt.is_vacuumcmd === true;
  if ("IndexStmt" in node) return node.IndexStmt.concurrent === true;
  if ("DropStmt" in node) return node.DropStmt.concurrent === true;
  if ("ReindexStmt" in node)
    return (
      WHOLE_REINDEX.has(node.ReindexStmt.kind ?? "") || isOptionOn(node.ReindexStmt.params, "concurrently")
    );
  if ("ClusterStmt" in node) return node.ClusterStmt.relation === undefined;
  if ("AlterDatabaseStmt" in node)
    return (node.AlterDatabaseStmt.options ?? []).some(
      (option) => optionOf(option)?.defname === "tablespace",
    );
  if ("DiscardStmt" in node) return node.DiscardStmt.target === "DISCARD_ALL";
  if ("AlterTableStmt" in node) return (node.AlterTableStmt.cmds ?? []).some(detachesConcurrently);
  if ("CreateSubscriptionStmt" in node) return createsSlot(node.CreateSubscriptionStmt.options);
  if ("AlterSubscriptionStmt" in node) return altersSubscriptionAlone(node);
  return ALWAYS_ALONE.some((kind) => kind in node);
}

const WHOLE_REINDEX = new Set(["REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE"]);
const ALWAYS_ALONE = [
  "CreatedbStmt",
  "DropdbStmt",
  "CreateTableSpaceStmt",
  "DropTableSpaceStmt",
  "AlterSystemStmt",
  "DropSubscriptionStmt",
];

function detachesConcurrently(command: Node): boolean {
  if (!("AlterTableCmd" in command)) return false;
  const { subtype, def } = command.AlterTableCmd;
  return (
    subtype === "AT_DetachPartition" &&
    def !== undefined &&
    "PartitionCmd" in def &&
    def.PartitionCmd.concurrent === true
  );
}

/** CREATE SUBSCRIPTION makes a replication slot unless `create_slot` or `connect` is off. */
function createsSlot(options: readonly Node[] | undefined): boolean {
  return isOptionOn(options, "create_slot", "on") && isOptionOn(options, "connect", "on");
}

function altersSubscriptionAlone(node: Node): boolean {
  if (!("AlterSubscriptionStmt" in node)) return false;
  const { kind, options } = node.AlterSubscriptionStmt;
  if (kind === "ALTER_SUBSCRIPTION_REFRESH") return true;
  if (kind === "ALTER_SUBSCRIPTION_OPTIONS") {
    return (options ?? []).some((option) =>
      ["failover", "two_phase"].includes(optionOf(option)?.defname ?? ""),
    );
  }
  const setsPublications =
    kind === "ALTER_SUBSCRIPTION_SET_PUBLICATION" ||
    kind === "ALTER_SUBSCRIPTION_ADD_PUBLICATION" ||
    kind === "ALTER_SUBSCRIPTION_DROP_PUBLICATION";
  return setsPublications && isOptionOn(options, "refresh", "on");
}

/** Reads a Boolean option of a statement as PostgreSQL's defGetBoolean does; if it stands twice, on wins. */
export function isOptionOn(
  options: readonly Node[] | undefined,
  name: string,
  whenAbsent: "on" | "off" = "off",
): boolean {
  const given = (options ?? []).map(optionOf).filter((option) => option?.defname === name);
  if (given.length === 0) return whenAbsent === "on";
  return given.some((option) => !isOff(option?.arg));
}

function isOff(argument: Node | undefined): boolean {
  if (argument === undefined) return false;
  if ("Integer" in argument) return (argument.Integer.ival ?? 0) === 0;
  const word =
    "TypeName" in argument
      ? namesOf(argument.TypeName.names).at(-1)
      : "String" in argument
        ? argument.String.sval
        : undefined;
  return word !== undefined && ["false", "off"].includes(word.toLowerCase());
}

function optionOf(node: Node): DefElem | undefined {
  return "DefElem" in node ? node.DefElem : undefined;
}
