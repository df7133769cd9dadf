import { constantText } from "../../sql/always-true.ts";
import type { Node } from "../../sql/parse.ts";
import { alterCommandsOf } from "../alter-table.ts";
import { show, nameOfRange } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";

const SWITCHES_OFF = ["AT_DisableTrig", "AT_DisableTrigUser", "AT_DisableTrigAll"];
const SWITCHES_ON = [
  "AT_EnableTrig",
  "AT_EnableTrigUser",
  "AT_EnableTrigAll",
  "AT_EnableAlwaysTrig",
  "AT_EnableReplicaTrig",
];

export const triggerDdl: Rule = {
  id: "L23",
  name: "trigger-ddl",
  group: "locks",
  severity: "warning",
  detects: "Triggers switched off, made or dropped",
  why: "While triggers are off nothing that they guard is guarded; ALL and `replica` switch off foreign keys too.",
  rewrite: "Keep triggers on; let the statement, or the trigger's WHEN, leave out what must be left out.",
  check: ({ node }, scope) => [...switched(node, scope), ...replicaRole(node), ...made(node, scope)],
};

function switched(node: Node, scope: Scope): readonly Hit[] {
  const off = alterCommandsOf(node, ...SWITCHES_OFF).filter(({ table }) => !isOwnTable(scope, table));
  const on = alterCommandsOf(node, ...SWITCHES_ON).filter(({ table }) => !isOwnTable(scope, table));
  const guards = "AlterEventTrigStmt" in node && node.AlterEventTrigStmt.tgenabled === "D";
  return [
    ...(guards ? [{ object: node.AlterEventTrigStmt.trigname ?? "" }] : []),
    ...off.map(({ table }): Hit => ({ object: show(table) })),
    ...on.map(({ table }): Hit => ({
      object: show(table),
      severity: "info",
      why: "It locks the table against writers for a moment.",
    })),
  ];
}

function replicaRole(node: Node): readonly Hit[] {
  if (!("VariableSetStmt" in node) || node.VariableSetStmt.name !== "session_replication_role") return [];
  const value = constantText(node.VariableSetStmt.args?.[0]);
  return value === "replica" || value === "local" ? [{ object: "session_replication_role" }] : [];
}

function made(node: Node, scope: Scope): readonly Hit[] {
  if (!("CreateTrigStmt" in node) || isOwnTable(scope, node.CreateTrigStmt.relation)) return [];
  const object = show(nameOfRange(node.CreateTrigStmt.relation));
  return [
    { object, severity: "info", why: "It locks the table against writers until the transaction ends." },
  ];
}
