import { constantText } from "../../sql/always-true.ts";
import type { Node } from "../../sql/parse.ts";
import { alterCommandsOf } from "../alter-table.ts";
import { functionCalls } from "../expressions.ts";
import { show, nameOfRange } from "../names.ts";
import { findOption } from "../options.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";
import { isDefinition } from "../writes.ts";

export const sequenceSet: Rule = {
  id: "D13",
  name: "sequence-set",
  group: "data-loss",
  severity: "warning",
  detects: "setval with a constant, ALTER SEQUENCE RESTART or CYCLE, and an identity restarted",
  why: "A sequence behind the largest key hands out keys that exist; setval is not undone by a rollback.",
  rewrite: "select setval(…, (select max(id) + 1 from …), false), as a step of its own.",
  check: ({ node }, scope) => [...setvals(node), ...restarts(node, scope)],
};

function setvals(node: Node): readonly Hit[] {
  if (isDefinition(node)) return [];
  return functionCalls(node)
    .filter(({ schema, name }) => name === "setval" && schema === undefined)
    .map(({ args }) => {
      const object = constantText(args[0]) ?? "";
      const isComputed =
        JSON.stringify(args.slice(1)).includes("SubLink") || constantText(args[1]) === undefined;
      return isComputed
        ? { object, severity: "info", why: "setval is not undone by a rollback." }
        : { object };
    });
}

function restarts(node: Node, scope: Scope): readonly Hit[] {
  if ("AlterSeqStmt" in node && !isOwnTable(scope, node.AlterSeqStmt.sequence)) {
    const { options, sequence } = node.AlterSeqStmt;
    const repeats = findOption(options, "restart") !== undefined || findOption(options, "cycle") === "true";
    return repeats ? [{ object: show(nameOfRange(sequence)) }] : [];
  }
  return alterCommandsOf(node, "AT_SetIdentity")
    .filter(
      ({ table, command: { def } }) =>
        !isOwnTable(scope, table) &&
        def !== undefined &&
        "List" in def &&
        findOption(def.List.items, "restart") !== undefined,
    )
    .map(({ table, command }) => ({ object: `${show(table)}.${command.name ?? ""}` }));
}
