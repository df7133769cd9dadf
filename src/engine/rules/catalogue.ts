import { dataDependent } from "./compatibility/data-dependent.ts";
import { dropNotNull } from "./compatibility/drop-not-null.ts";
import { enumValueOrder } from "./compatibility/enum-value-order.ts";
import { enumValueRename } from "./compatibility/enum-value-rename.ts";
import { functionChange } from "./compatibility/function-change.ts";
import { newEnum } from "./compatibility/new-enum.ts";
import { publicationLoss } from "./compatibility/publication-loss.ts";
import { renameColumn } from "./compatibility/rename-column.ts";
import { renameOrMove } from "./compatibility/rename-or-move.ts";
import { renameTable } from "./compatibility/rename-table.ts";
import { requiredColumn } from "./compatibility/required-column.ts";
import { viewColumns } from "./compatibility/view-columns.ts";
import { cascadeFk } from "./data-loss/cascade-fk.ts";
import { cascade } from "./data-loss/cascade.ts";
import { dmlWithoutWhere } from "./data-loss/dml-without-where.ts";
import { dropColumn } from "./data-loss/drop-column.ts";
import { dropConstraint } from "./data-loss/drop-constraint.ts";
import { dropObject } from "./data-loss/drop-object.ts";
import { dropSchema } from "./data-loss/drop-schema.ts";
import { dropTable } from "./data-loss/drop-table.ts";
import { hiddenDml } from "./data-loss/hidden-dml.ts";
import { narrowing } from "./data-loss/narrowing.ts";
import { rowBudget } from "./data-loss/row-budget.ts";
import { sequenceSet } from "./data-loss/sequence-set.ts";
import { truncate } from "./data-loss/truncate.ts";
import { unbatchedBackfill } from "./data-loss/unbatched-backfill.ts";
import { attachPartition } from "./locks/attach-partition.ts";
import { checkScan } from "./locks/check-scan.ts";
import { createPartitionWithDefault } from "./locks/create-partition-with-default.ts";
import { detachBlocking } from "./locks/detach-blocking.ts";
import { domainConstraint } from "./locks/domain-constraint.ts";
import { dropIndexBlocking } from "./locks/drop-index-blocking.ts";
import { dropLocksParent } from "./locks/drop-locks-parent.ts";
import { exclusion } from "./locks/exclusion.ts";
import { explicitLock } from "./locks/explicit-lock.ts";
import { fkScan } from "./locks/fk-scan.ts";
import { indexBlocking } from "./locks/index-blocking.ts";
import { indexShape } from "./locks/index-shape.ts";
import { liveBlocker } from "./locks/live-blocker.ts";
import { lockTimeout } from "./locks/lock-timeout.ts";
import { maintenanceInMigration } from "./locks/maintenance-in-migration.ts";
import { manyTablesLocked } from "./locks/many-tables-locked.ts";
import { matviewRefresh } from "./locks/matview-refresh.ts";
import { pkDirect } from "./locks/pk-direct.ts";
import { policyDdlLock } from "./locks/policy-ddl-lock.ts";
import { reindexBlocking } from "./locks/reindex-blocking.ts";
import { setNotNullScan } from "./locks/set-not-null-scan.ts";
import { splitAlter } from "./locks/split-alter.ts";
import { statementTimeout } from "./locks/statement-timeout.ts";
import { triggerDdl } from "./locks/trigger-ddl.ts";
import { uniqueDirect } from "./locks/unique-direct.ts";
import { validateSameTransaction } from "./locks/validate-same-transaction.ts";
import { workAfterLock } from "./locks/work-after-lock.ts";
import { generatedStored } from "./rewrites/generated-stored.ts";
import { headroom } from "./rewrites/headroom.ts";
import { jsonType } from "./rewrites/json-type.ts";
import { moveStorage } from "./rewrites/move-storage.ts";
import { serialAdd } from "./rewrites/serial-add.ts";
import { setUnlogged } from "./rewrites/set-unlogged.ts";
import { typeChange } from "./rewrites/type-change.ts";
import { volatileDefault } from "./rewrites/volatile-default.ts";
import { apiRelation } from "./security/api-relation.ts";
import { authExposed } from "./security/auth-exposed.ts";
import { definerExecutable } from "./security/definer-executable.ts";
import { definerView } from "./security/definer-view.ts";
import { egress } from "./security/egress.ts";
import { extensionAndTypes } from "./security/extension-and-types.ts";
import { functionSearchPath } from "./security/function-search-path.ts";
import { grantWidening } from "./security/grant-widening.ts";
import { keysAndIndexes } from "./security/keys-and-indexes.ts";
import { managedSchema } from "./security/managed-schema.ts";
import { multiplePermissive } from "./security/multiple-permissive.ts";
import { openWritePolicy } from "./security/open-write-policy.ts";
import { ownerChange } from "./security/owner-change.ts";
import { policyInitplan } from "./security/policy-initplan.ts";
import { policyRoles } from "./security/policy-roles.ts";
import { policyWithoutRls } from "./security/policy-without-rls.ts";
import { protectionRemoved } from "./security/protection-removed.ts";
import { realtimeWithoutRls } from "./security/realtime-without-rls.ts";
import { rlsWithoutPolicy } from "./security/rls-without-policy.ts";
import { roleEscalation } from "./security/role-escalation.ts";
import { secretInSql } from "./security/secret-in-sql.ts";
import { sensitiveExposure } from "./security/sensitive-exposure.ts";
import { tableWithoutRls } from "./security/table-without-rls.ts";
import { userMetadata } from "./security/user-metadata.ts";
import { changesParsing } from "./transactions/changes-parsing.ts";
import { commitInBlock } from "./transactions/commit-in-block.ts";
import { concurrentIfNotExists } from "./transactions/concurrent-if-not-exists.ts";
import { copyFromClient } from "./transactions/copy-from-client.ts";
import { deferredConstraints } from "./transactions/deferred-constraints.ts";
import { enumValueUsed } from "./transactions/enum-value-used.ts";
import { longIdentifier } from "./transactions/long-identifier.ts";
import { notInTransaction } from "./transactions/not-in-transaction.ts";
import { notRerunnable } from "./transactions/not-rerunnable.ts";
import { pendingTriggers } from "./transactions/pending-triggers.ts";
import { searchPathName } from "./transactions/search-path-name.ts";
import { sessionState } from "./transactions/session-state.ts";
import { survivesRollback } from "./transactions/survives-rollback.ts";
import { transactionControl } from "./transactions/transaction-control.ts";
import type { Rule } from "./rule.ts";

/** Every rule, in the order of their ids. */
export const rules: readonly Rule[] = [
  indexBlocking,
  dropIndexBlocking,
  reindexBlocking,
  matviewRefresh,
  setNotNullScan,
  checkScan,
  fkScan,
  uniqueDirect,
  pkDirect,
  exclusion,
  domainConstraint,
  attachPartition,
  detachBlocking,
  createPartitionWithDefault,
  dropLocksParent,
  validateSameTransaction,
  workAfterLock,
  manyTablesLocked,
  splitAlter,
  lockTimeout,
  statementTimeout,
  explicitLock,
  triggerDdl,
  maintenanceInMigration,
  policyDdlLock,
  liveBlocker,
  indexShape,
  typeChange,
  volatileDefault,
  serialAdd,
  generatedStored,
  setUnlogged,
  moveStorage,
  jsonType,
  headroom,
  dropTable,
  dropColumn,
  dropSchema,
  truncate,
  dmlWithoutWhere,
  hiddenDml,
  cascade,
  dropObject,
  narrowing,
  dropConstraint,
  rowBudget,
  unbatchedBackfill,
  sequenceSet,
  cascadeFk,
  renameTable,
  renameColumn,
  renameOrMove,
  enumValueRename,
  requiredColumn,
  functionChange,
  viewColumns,
  dropNotNull,
  dataDependent,
  enumValueOrder,
  newEnum,
  publicationLoss,
  notInTransaction,
  transactionControl,
  commitInBlock,
  enumValueUsed,
  concurrentIfNotExists,
  sessionState,
  changesParsing,
  pendingTriggers,
  deferredConstraints,
  survivesRollback,
  longIdentifier,
  searchPathName,
  copyFromClient,
  notRerunnable,
  tableWithoutRls,
  policyWithoutRls,
  rlsWithoutPolicy,
  openWritePolicy,
  policyInitplan,
  multiplePermissive,
  userMetadata,
  definerView,
  authExposed,
  apiRelation,
  functionSearchPath,
  definerExecutable,
  sensitiveExposure,
  extensionAndTypes,
  keysAndIndexes,
  grantWidening,
  roleEscalation,
  managedSchema,
  ownerChange,
  protectionRemoved,
  policyRoles,
  secretInSql,
  egress,
  realtimeWithoutRls,
];
