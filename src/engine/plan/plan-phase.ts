import { createHash } from "node:crypto";
import { EngineError } from "../errors.ts";
import {
  renderKey,
  type BatchStatement,
  type BatchTaking,
  type Batching,
  type PhaseKey,
  type PhaseSource,
  type PlannedPhase,
} from "../model/phase.ts";
import type { PlannedMigration } from "../model/plan.ts";
import { recordedVersion } from "../model/version.ts";
import { findBoundsUse, otherTerms, placeBounds } from "../sql/batch-bounds.ts";
import { isEffectiveWhere } from "../sql/always-true.ts";
import { parseStatements, type Node } from "../sql/parse.ts";
import { toRelation } from "../sql/relation-name.ts";
import { sqlFingerprint } from "../sql/token-stream.ts";
import { walkTree } from "../sql/walk-tree.ts";
import { planMigration } from "./plan-migration.ts";

/** A phase's SQL as what will run. Throws what `planMigration` throws, and `unsupported_sql` for a batch that its bounds do not hold. */
export async function planPhase(source: PhaseSource): Promise<PlannedPhase> {
  const { number, name, fileName, sql, rollbackSql, batching } = source;
  const placed = placeBounds(sql);
  if (batching === undefined && placed.uses.size > 0)
    throw refuse(
      fileName,
      'it uses :from and :to, so it needs a key: the line "-- Key: schema.table.column"',
    );
  const key = batching === undefined ? null : renderKey(batching.key);
  const checksum = createHash("sha256")
    .update(JSON.stringify([key, sqlFingerprint(sql)]))
    .digest("hex");
  const migration = await planMigration(
    { version: recordedVersion(number), name, fileName, sql: placed.text, checksum, rollbackSql },
    undefined,
  );
  if (batching !== undefined) {
    if (placed.hasOwnParameters) throw refuse(fileName, "write :from and :to, not $1 and $2");
    return { source, checksum, migration, batch: await planBatch(fileName, migration, batching) };
  }
  if (migration.steps.some(({ kind }) => kind === "alone"))
    throw refuse(
      fileName,
      "it holds a statement that cannot run in a transaction; that is a schema change, which apply_migration runs step by step",
    );
  return { source, checksum, migration, batch: undefined };
}

async function planBatch(
  fileName: string,
  migration: PlannedMigration,
  batching: Batching,
): Promise<BatchStatement> {
  const [statement, ...more] = migration.statements.filter(({ isExecutable }) => isExecutable);
  if (statement === undefined || more.length > 0)
    throw refuse(fileName, "a phase with a key is one statement, which runs once a batch");
  const parsed = await parseStatements(statement.text);
  const node = parsed.kind === "parsed" ? parsed.statements[0]?.node : undefined;
  if (node === undefined || !isRowStatement(node))
    throw refuse(
      fileName,
      `${statement.command} cannot run in batches; write INSERT, UPDATE, DELETE, MERGE or SELECT`,
    );
  const { column } = batching.key;
  const use = findBoundsUse(node, column);
  const isOnKeyTable = changesKeyTable(node, batching);
  if (use.kind === "not_used" || (isOnKeyTable && use.kind === "compared" && !use.isOwnWhere))
    throw refuse(
      fileName,
      `its WHERE has to hold every batch: add "${quoteIfNeeded(column)} between :from and :to" with AND (both bounds belong to the batch)`,
    );
  return { text: statement.text, batching, takes: findTakings(node, batching.key) };
}

function isRowStatement(node: Node): boolean {
  if ("SelectStmt" in node) return node.SelectStmt.intoClause === undefined;
  return ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"].some((kind) => kind in node);
}

/** True for a plain UPDATE or DELETE of the key's table: with FROM, USING or WITH the bounds may stand on another side. */
function changesKeyTable(node: Node, { key }: Batching): boolean {
  const plain = "UpdateStmt" in node ? node.UpdateStmt : "DeleteStmt" in node ? node.DeleteStmt : undefined;
  if (plain === undefined || plain.withClause !== undefined) return false;
  const others =
    "fromClause" in plain ? plain.fromClause : "usingClause" in plain ? plain.usingClause : undefined;
  const target = toRelation(plain.relation);
  return others === undefined && target?.name === key.table && (target.schema ?? key.schema) === key.schema;
}

/** Every DELETE and UPDATE in the statement: an UPDATE whose further condition chooses rows changes what is meant, and is not told. */
function findTakings(node: Node, { column }: PhaseKey): readonly BatchTaking[] {
  const takings: BatchTaking[] = [];
  walkTree(node, (kind, fields) => {
    const relation = toRelation(fields["relation"]);
    if ((kind !== "DeleteStmt" && kind !== "UpdateStmt") || relation === undefined) return;
    const others = otherTerms(fields["whereClause"], column);
    const isWhole = !others.some(isEffectiveWhere);
    if (kind === "DeleteStmt") takings.push({ relation, change: "deleted", isWhole });
    else if (isWhole) takings.push({ relation, change: "overwritten", isWhole });
  });
  return takings;
}

function quoteIfNeeded(column: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
}

function refuse(fileName: string, reason: string): EngineError {
  return new EngineError("unsupported_sql", `${fileName} cannot be run: ${reason}.`, {
    file: fileName,
    hint: "Correct the phase's SQL as the message says and call run_phase again. Nothing was run.",
  });
}
